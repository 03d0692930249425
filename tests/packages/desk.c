/* What a person does at a Windows desk, for windows_desk.py: double-clicks a program,
   reads boxes, uses the tray icon's menu. Everything goes through the windows' own
   messages. It waits for what it is asked for, up to 30 seconds. */

#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE 300
#define CLICKED (WM_APP + 1)

static void say(const wchar_t *text) {
    char utf8[8192];
    if (WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL)) printf("%s\n", utf8);
}

static HWND find(const wchar_t *kind, const wchar_t *title) {
    for (int look = 0; look < PATIENCE; look++) {
        HWND window = FindWindowW(kind, title);
        if (window) return window;
        Sleep(100);
    }
    fprintf(stderr, "no such window came\n");
    exit(1);
}

/* As the desktop starts it: no console, and nothing to read from or write to. */
static int start(int count, char **words) {
    char line[4096] = "";
    for (int at = 0; at < count; at++) {
        strcat(line, at ? " \"" : "\"");
        strcat(line, words[at]);
        strcat(line, "\"");
    }
    STARTUPINFOA how = {.cb = sizeof how};
    PROCESS_INFORMATION made;
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &how, &made)) {
        fprintf(stderr, "%s does not start: %lu\n", line, GetLastError());
        return 1;
    }
    printf("%lu\n", made.dwProcessId);
    return 0;
}

static BOOL CALLBACK read_part(HWND part, LPARAM unused) {
    wchar_t kind[64], text[4096];
    (void)unused;
    GetClassNameW(part, kind, 64);
    if (!wcscmp(kind, L"Static") && SendMessageW(part, WM_GETTEXT, 4096, (LPARAM)text)) say(text);
    return TRUE;
}

static int read_box(void) {
    EnumChildWindows(find(L"#32770", L"Innkeeper"), read_part, 0);
    return 0;
}

/* Presses a button of the box, and sees that it goes. */
static int press(int button) {
    HWND box = find(L"#32770", L"Innkeeper");
    PostMessageW(box, WM_COMMAND, button, 0);
    for (int look = 0; look < PATIENCE && IsWindow(box); look++) Sleep(100);
    return IsWindow(box);
}

/* Opens the icon's menu and chooses the line of that number (0 = none). */
static int menu(int line) {
    HWND tray = find(L"InnkeeperTray", NULL);
    PostMessageW(tray, CLICKED, 1, WM_RBUTTONUP);
    HWND shown = find(L"#32768", NULL);
    /* Time for a picture of it. */
    if (line == 0) Sleep(2000);
    for (int step = 0; step < line; step++) PostMessageW(tray, WM_KEYDOWN, VK_DOWN, 0);
    PostMessageW(tray, WM_KEYDOWN, line ? VK_RETURN : VK_ESCAPE, 0);
    for (int look = 0; look < PATIENCE && IsWindowVisible(shown); look++) Sleep(100);
    return IsWindowVisible(shown);
}

static int click(void) {
    PostMessageW(find(L"InnkeeperTray", NULL), CLICKED, 1, WM_LBUTTONUP);
    return 0;
}

static BOOL CALLBACK is_sought(HWND window, LPARAM kind) {
    wchar_t name[64];
    GetClassNameW(window, name, 64);
    return wcscmp(name, (const wchar_t *)kind) || !IsWindowVisible(window);
}

/* Waits until a window of that kind is in sight. */
static int see(const char *kind) {
    wchar_t name[64];
    MultiByteToWideChar(CP_UTF8, 0, kind, -1, name, 64);
    for (int look = 0; look < PATIENCE; look++) {
        if (!EnumWindows(is_sought, (LPARAM)name)) return 0;
        Sleep(100);
    }
    return 1;
}

static int is_there(void) {
    printf("%d\n", FindWindowW(L"InnkeeperTray", NULL) != NULL);
    return 0;
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (!strcmp(what, "start")) return start(count - 2, words + 2);
    if (!strcmp(what, "box")) return read_box();
    if (!strcmp(what, "press")) return press(atoi(words[2]));
    if (!strcmp(what, "menu")) return menu(atoi(words[2]));
    if (!strcmp(what, "seen")) return see(words[2]);
    if (!strcmp(what, "click")) return click();
    if (!strcmp(what, "icon")) return is_there();
    fprintf(stderr, "start PROGRAM…, box, press BUTTON, menu LINE, seen KIND, click or icon\n");
    return 2;
}
