//! Windows: the terminal's console when there is one, else the tray icon with Open,
//! Back up now and Quit, and a box for failures.

use std::io;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread::JoinHandle;

use windows_sys::Win32::Foundation::{HWND, INVALID_HANDLE_VALUE, LPARAM, LRESULT, POINT, WPARAM};
use windows_sys::Win32::System::Console::{
    ATTACH_PARENT_PROCESS, AttachConsole, GetStdHandle, STD_ERROR_HANDLE, STD_HANDLE, STD_OUTPUT_HANDLE,
};
use windows_sys::Win32::System::LibraryLoader::GetModuleHandleW;
use windows_sys::Win32::UI::Shell::{
    NIF_ICON, NIF_INFO, NIF_MESSAGE, NIF_TIP, NIIF_INFO, NIM_ADD, NIM_DELETE, NIM_MODIFY, NOTIFY_ICON_MESSAGE, NOTIFYICONDATAW,
    Shell_NotifyIconW,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    AppendMenuW, CreatePopupMenu, CreateWindowExW, DefWindowProcW, DestroyMenu, DestroyWindow, DispatchMessageW, FindWindowExW,
    GetCursorPos, GetMessageW, GetWindowThreadProcessId, IDI_APPLICATION, IDYES, LoadIconW, MB_ICONERROR, MB_ICONWARNING, MB_OK,
    MB_SETFOREGROUND, MB_YESNO, MESSAGEBOX_RESULT, MESSAGEBOX_STYLE, MF_STRING, MSG, MessageBoxW, PostMessageW, PostQuitMessage,
    RegisterClassW, RegisterWindowMessageW, SetForegroundWindow, TPM_NONOTIFY, TPM_RETURNCMD, TrackPopupMenu, WM_APP, WM_CLOSE,
    WM_DESTROY, WM_ENDSESSION, WM_LBUTTONUP, WM_RBUTTONUP, WNDCLASSW,
};

use crate::cli::serve::Order;
use crate::cli::{browser, context};
use crate::hotel::backups::{State, keeper};
use crate::http::state::App;

/// What the icon sends to its window, and what ends it. A WM_CLOSE from elsewhere closes the hotel.
const CLICKED: u32 = WM_APP + 1;
const DONE: u32 = WM_APP + 2;
/// The window's class and name, by which another start and the installer find it.
const CLASS: &str = "InnkeeperTray";
/// The number that the build gives the program's icon.
const PROGRAM_ICON: usize = 1;

const OPEN: usize = 1;
const BACK_UP: usize = 2;
const QUIT: usize = 3;
const MENU: [(usize, &str); 3] = [(OPEN, "Open"), (BACK_UP, "Back up now"), (QUIT, "Quit")];

/// Whether a terminal started the program: then it speaks there and has no icon.
static IS_IN_TERMINAL: AtomicBool = AtomicBool::new(false);
static HOTEL: Mutex<Option<Hotel>> = Mutex::new(None);

/// The open hotel, as the menu needs it.
struct Hotel {
    url: String,
    app: Weak<App>,
    backups: Arc<State>,
    orders: SyncSender<Order>,
    window: isize,
    thread: Option<JoinHandle<()>>,
}

/// Speaks in the terminal that started the program, when one did.
pub fn start() {
    if !leads_somewhere(STD_OUTPUT_HANDLE) {
        // SAFETY: a call without pointers.
        let is_attached = unsafe { AttachConsole(ATTACH_PARENT_PROCESS) } != 0;
        IS_IN_TERMINAL.store(is_attached, Ordering::Relaxed);
    }
}

/// Says a failure in a box, when no console or pipe has said it.
pub fn say(text: &str) {
    if !leads_somewhere(STD_ERROR_HANDLE) {
        show_box(text, MB_OK | MB_ICONERROR);
    }
}

/// Asks in a box, when no console or pipe is there; whether the answer was yes.
pub(in crate::cli) fn ask(text: &str) -> bool {
    !leads_somewhere(STD_ERROR_HANDLE) && show_box(text, MB_YESNO | MB_ICONWARNING) == IDYES
}

fn show_box(text: &str, kind: MESSAGEBOX_STYLE) -> MESSAGEBOX_RESULT {
    let (text, title) = (wide(text), wide("Innkeeper"));
    // SAFETY: both texts end in a zero and outlive the call.
    unsafe { MessageBoxW(null_mut(), text.as_ptr(), title.as_ptr(), kind | MB_SETFOREGROUND) }
}

/// Shows the icon, or gives it the hotel that was opened again.
pub(in crate::cli) fn show(url: &str, app: &Arc<App>, backups: &Arc<State>, orders: &SyncSender<Order>) {
    if IS_IN_TERMINAL.load(Ordering::Relaxed) {
        return;
    }
    let mut hotel = hotel();
    if let Some(hotel) = hotel.as_mut() {
        (hotel.url, hotel.app, hotel.backups) = (url.to_owned(), Arc::downgrade(app), backups.clone());
        return;
    }
    let (sender, window) = sync_channel(1);
    let text = format!("Innkeeper is open at {url}");
    let thread = std::thread::Builder::new().name("tray".to_owned()).spawn(move || stand(&text, &sender));
    match (thread, window.recv()) {
        (Ok(thread), Ok(window)) => {
            let (url, app, backups, orders) = (url.to_owned(), Arc::downgrade(app), backups.clone(), orders.clone());
            *hotel = Some(Hotel { url, app, backups, orders, window, thread: Some(thread) });
        }
        _ => log::warn!("the tray icon could not be shown"),
    }
}

/// Takes the icon away.
pub(in crate::cli) fn hide() {
    let Some(mut hotel) = hotel().take() else { return };
    // SAFETY: the window belongs to the icon's thread, which ends with it.
    unsafe { PostMessageW(hotel.window as HWND, DONE, 0, 0) };
    if let Some(thread) = hotel.thread.take() {
        // A panic there has been logged; the icon is gone either way.
        drop(thread.join());
    }
}

/// Asks a running Innkeeper to close, as the Quit of its icon does.
pub(in crate::cli) fn ask_to_close(process: u32) -> io::Result<()> {
    let class = wide(CLASS);
    let mut window = null_mut();
    loop {
        // SAFETY: the text ends in a zero and outlives the call; windows that are gone are not found.
        window = unsafe { FindWindowExW(null_mut(), window, class.as_ptr(), null()) };
        if window.is_null() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "it has no icon beside the clock; close it where it was started",
            ));
        }
        let mut owner = 0;
        // SAFETY: the number outlives the calls.
        let is_asked = unsafe {
            GetWindowThreadProcessId(window, &raw mut owner);
            owner == process && PostMessageW(window, WM_CLOSE, 0, 0) != 0
        };
        if is_asked {
            return Ok(());
        }
    }
}

fn hotel() -> MutexGuard<'static, Option<Hotel>> {
    HOTEL.lock().unwrap_or_else(PoisonError::into_inner)
}

fn leads_somewhere(which: STD_HANDLE) -> bool {
    // SAFETY: a call without pointers; the handle is only compared.
    let handle = unsafe { GetStdHandle(which) };
    !handle.is_null() && handle != INVALID_HANDLE_VALUE
}

/// The icon's thread: a window that nobody sees, and its messages.
fn stand(text: &str, made: &SyncSender<isize>) {
    let class = wide(CLASS);
    // SAFETY: the class and its name outlive the calls; all is of this thread.
    unsafe {
        let instance = GetModuleHandleW(null());
        let kind = WNDCLASSW {
            lpfnWndProc: Some(on_message),
            hInstance: instance,
            lpszClassName: class.as_ptr(),
            ..WNDCLASSW::default()
        };
        RegisterClassW(&raw const kind);
        let name = class.as_ptr();
        let window = CreateWindowExW(0, name, name, 0, 0, 0, 0, 0, null_mut(), null_mut(), instance, null());
        if window.is_null() {
            return;
        }
        notify(window, NIM_ADD, text);
        if made.send(window as isize).is_err() {
            return;
        }
        let mut message = MSG::default();
        while GetMessageW(&raw mut message, null_mut(), 0, 0) > 0 {
            DispatchMessageW(&raw const message);
        }
    }
}

/// Adds, changes or removes the icon; the text stands in its tip and in a balloon.
fn notify(window: HWND, what: NOTIFY_ICON_MESSAGE, text: &str) {
    // SAFETY: the program's own icon by number, or Windows' one for programs.
    let icon = unsafe {
        let own = LoadIconW(GetModuleHandleW(null()), PROGRAM_ICON as *const u16);
        if own.is_null() { LoadIconW(null_mut(), IDI_APPLICATION) } else { own }
    };
    let data = NOTIFYICONDATAW {
        cbSize: size_of::<NOTIFYICONDATAW>() as u32,
        hWnd: window,
        uID: 1,
        uFlags: NIF_ICON | NIF_MESSAGE | NIF_TIP | NIF_INFO,
        uCallbackMessage: CLICKED,
        hIcon: icon,
        szTip: filled(text),
        szInfo: filled(text),
        szInfoTitle: filled("Innkeeper"),
        dwInfoFlags: NIIF_INFO,
        ..NOTIFYICONDATAW::default()
    };
    // SAFETY: the structure says its own size and outlives the call.
    if unsafe { Shell_NotifyIconW(what, &raw const data) } == 0 {
        log::debug!("the tray did not take the icon's change");
    }
}

extern "system" fn on_message(window: HWND, message: u32, first: WPARAM, second: LPARAM) -> LRESULT {
    match (message, second as u32) {
        (CLICKED, WM_LBUTTONUP) => act(OPEN),
        (CLICKED, WM_RBUTTONUP) => act(choose(window)),
        // Windows ends: the hotel closes its file.
        (WM_ENDSESSION, _) if first != 0 => act(QUIT),
        (WM_CLOSE, _) => act(QUIT),
        // SAFETY: a window of this thread.
        (DONE, _) => drop(unsafe { DestroyWindow(window) }),
        (WM_DESTROY, _) => {
            notify(window, NIM_DELETE, "");
            // SAFETY: a call without pointers.
            unsafe { PostQuitMessage(0) };
        }
        _ if message == taskbar_made() => notify(window, NIM_ADD, &tip()),
        // SAFETY: what Windows sent is handed on as it came.
        _ => return unsafe { DefWindowProcW(window, message, first, second) },
    }
    0
}

/// Shows the menu at the pointer; the number of what was chosen, or zero.
fn choose(window: HWND) -> usize {
    let mut at = POINT::default();
    // SAFETY: the texts are copied by the menu, which is gone at the end.
    unsafe {
        let menu = CreatePopupMenu();
        for (number, text) in MENU {
            AppendMenuW(menu, MF_STRING, number, wide(text).as_ptr());
        }
        GetCursorPos(&raw mut at);
        // Else the menu would stay when somebody clicks elsewhere.
        SetForegroundWindow(window);
        let chosen = TrackPopupMenu(menu, TPM_RETURNCMD | TPM_NONOTIFY, at.x, at.y, 0, window, null());
        DestroyMenu(menu);
        usize::try_from(chosen).unwrap_or(0)
    }
}

fn act(what: usize) {
    let hotel = hotel();
    let Some(hotel) = hotel.as_ref() else { return };
    match what {
        OPEN => browser::open(&hotel.url),
        BACK_UP => back_up(hotel),
        // Full = something was said already.
        QUIT => drop(hotel.orders.try_send(Order::Stop)),
        _ => {}
    }
}

/// Makes the copy aside, so that the menu answers meanwhile, and says how it went.
fn back_up(hotel: &Hotel) {
    let (window, app, backups) = (hotel.window, hotel.app.clone(), hotel.backups.clone());
    let work = move || {
        let Some(app) = app.upgrade() else { return };
        let text = match keeper::back_up(&app, &backups, &context()) {
            Ok(_) => "A back-up was made and checked.".to_owned(),
            Err(error) => format!("No back-up was made. {error}"),
        };
        notify(window as HWND, NIM_MODIFY, &text);
    };
    if let Err(error) = std::thread::Builder::new().name("tray-backup".to_owned()).spawn(work) {
        log::error!("no back-up was made: {error}");
    }
}

fn tip() -> String {
    hotel().as_ref().map_or(String::new(), |hotel| format!("Innkeeper is open at {}", hotel.url))
}

/// The message by which a taskbar that was started again asks for the icons.
fn taskbar_made() -> u32 {
    static NUMBER: OnceLock<u32> = OnceLock::new();
    // SAFETY: the text ends in a zero and outlives the call.
    *NUMBER.get_or_init(|| unsafe { RegisterWindowMessageW(wide("TaskbarCreated").as_ptr()) })
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// A text cut to a field of fixed length that ends in a zero.
fn filled<const N: usize>(text: &str) -> [u16; N] {
    let mut field = [0; N];
    for (to, from) in field.iter_mut().take(N - 1).zip(text.encode_utf16()) {
        *to = from;
    }
    field
}
