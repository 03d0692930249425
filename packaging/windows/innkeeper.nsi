; The installer: start menu, optional start with Windows, firewall rule, and an
; uninstaller that leaves the hotel's data where it is.
Target amd64-unicode
SetCompressor /SOLID lzma
Unicode true
ManifestDPIAware true

!include LogicLib.nsh
!include MUI2.nsh

Name "Innkeeper"
OutFile "${OUTPUT}"
InstallDir "$PROGRAMFILES64\Innkeeper"
InstallDirRegKey HKLM "Software\Innkeeper" "Folder"
RequestExecutionLevel admin
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Innkeeper"
VIAddVersionKey "FileDescription" "Innkeeper Setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "${STAGE}\innkeeper.ico"
!define MUI_UNICON "${STAGE}\innkeeper.ico"
; By the desktop, as whoever sits there: the installer itself may be of another account,
; in whose folder the hotel would never be found again.
!define MUI_FINISHPAGE_RUN "$WINDIR\explorer.exe"
!define MUI_FINISHPAGE_RUN_PARAMETERS "$\"$INSTDIR\innkeeper.exe$\""
!define MUI_FINISHPAGE_RUN_TEXT "Open Innkeeper now"
!insertmacro MUI_PAGE_LICENSE "${STAGE}\LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Innkeeper"
!define AUTOSTART "Software\Microsoft\Windows\CurrentVersion\Run"

; A program that is open can be neither replaced nor removed. It is asked to close, as the
; Quit of its icon does, and has 20 seconds for that; then somebody has to.
!macro CloseProgram UN
Function ${UN}CloseProgram
  ${Do}
    ${For} $1 1 80
      ${IfNot} ${FileExists} "$INSTDIR\innkeeper.exe"
        Return
      ${EndIf}
      ClearErrors
      FileOpen $0 "$INSTDIR\innkeeper.exe" a
      ${IfNot} ${Errors}
        FileClose $0
        Return
      ${EndIf}
      FindWindow $0 "InnkeeperTray"
      ${If} $0 <> 0
        SendMessage $0 ${WM_CLOSE} 0 0 /TIMEOUT=5000
      ${EndIf}
      Sleep 250
    ${Next}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Innkeeper is still open. Close it, then try again: Quit in the menu of its icon beside the clock, or Ctrl-C where it was started." /SD IDCANCEL IDRETRY retry
    SetErrorLevel 2
    Abort
    retry:
  ${Loop}
FunctionEnd
!macroend
!insertmacro CloseProgram ""
!insertmacro CloseProgram "un."

Section "Innkeeper" SectionProgram
  SectionIn RO
  Call CloseProgram
  SetOutPath "$INSTDIR"
  SetRegView 64
  File "${STAGE}\innkeeper.exe"
  File "${STAGE}\innkeeper.ico"
  File "${STAGE}\LICENSE.txt"
  SetOutPath "$INSTDIR\fonts"
  File "${STAGE}\fonts\*.*"
  SetOutPath "$INSTDIR"
  SetShellVarContext all
  CreateDirectory "$SMPROGRAMS\Innkeeper"
  CreateShortcut "$SMPROGRAMS\Innkeeper\Innkeeper.lnk" "$INSTDIR\innkeeper.exe" "" "$INSTDIR\innkeeper.ico"
  CreateShortcut "$SMPROGRAMS\Innkeeper\Uninstall Innkeeper.lnk" "$INSTDIR\uninstall.exe"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKLM "Software\Innkeeper" "Folder" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "Innkeeper"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayIcon" "$INSTDIR\innkeeper.ico"
  WriteRegStr HKLM "${UNINSTALL}" "Publisher" "The Innkeeper authors"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section /o "Start with Windows" SectionAutostart
  SetRegView 64
  WriteRegStr HKLM "${AUTOSTART}" "Innkeeper" '"$INSTDIR\innkeeper.exe" --no-browser'
SectionEnd

; Innkeeper listens on this machine only; the rules are there for the day on which the
; hotel's other machines are let in: its pages, and its name in the network.
Section "Firewall rule for the local network" SectionFirewall
  nsExec::Exec 'netsh advfirewall firewall delete rule name="Innkeeper"'
  Pop $0
  nsExec::Exec 'netsh advfirewall firewall add rule name="Innkeeper" dir=in action=allow program="$INSTDIR\innkeeper.exe" protocol=TCP profile=private'
  Pop $0
  nsExec::Exec 'netsh advfirewall firewall add rule name="Innkeeper" dir=in action=allow program="$INSTDIR\innkeeper.exe" protocol=UDP localport=5353 profile=private'
  Pop $0
SectionEnd

LangString DESC_Program ${LANG_ENGLISH} "The program and its entry in the start menu."
LangString DESC_Autostart ${LANG_ENGLISH} "Opens the hotel whenever somebody signs in to Windows."
LangString DESC_Firewall ${LANG_ENGLISH} "Lets the hotel's other machines in, on private networks, once Innkeeper is opened to them."
!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionProgram} $(DESC_Program)
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionAutostart} $(DESC_Autostart)
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionFirewall} $(DESC_Firewall)
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; Only what was installed is removed: a hotel.db beside the program stays, and so
; does everything in the user's data folder.
Section "Uninstall"
  Call un.CloseProgram
  SetRegView 64
  SetShellVarContext all
  nsExec::Exec 'netsh advfirewall firewall delete rule name="Innkeeper"'
  Pop $0
  Delete "$SMPROGRAMS\Innkeeper\Innkeeper.lnk"
  Delete "$SMPROGRAMS\Innkeeper\Uninstall Innkeeper.lnk"
  RMDir "$SMPROGRAMS\Innkeeper"
  Delete "$INSTDIR\innkeeper.exe"
  Delete "$INSTDIR\innkeeper.ico"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\fonts\*.ttf"
  Delete "$INSTDIR\fonts\copyright-*.txt"
  RMDir "$INSTDIR\fonts"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegValue HKLM "${AUTOSTART}" "Innkeeper"
  DeleteRegKey HKLM "${UNINSTALL}"
  DeleteRegKey HKLM "Software\Innkeeper"
SectionEnd
