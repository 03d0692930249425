/**
 * English for signing in, the staff and their devices.
 */
export const words = /** @type {const} */ ({
  "login.title": "Sign in",
  "login.welcome": "Welcome back",
  "login.lead": "Sign in to open the front desk.",
  "login.again": "Sign in again",
  "login.again_text": "Your session has ended. Sign in to carry on where you left off.",

  "password.changed": "Password changed.",
  "password.current": "Current password",
  "password.new": "New password",

  "pin.title": "PIN",
  "pin.new": "New PIN",
  "pin.hint": "4 to 8 digits, for registered devices. Leave empty to remove it.",
  "pin.by_password": "Sign in with your password",
  "pin.erase": "Delete last digit",

  "session.title": "Where you are signed in",
  "session.here": "this device",

  "staff.add": "Add a person",
  "staff.roles": "What each role can do",
  "staff.owner": "Everything, including other owners’ accounts.",
  "staff.manager": "Everything except owners’ accounts: settings, rooms, prices, staff.",
  "staff.receptionist": "Bookings, guests, check-in and check-out, payments, room status.",
  "staff.housekeeper": "Housekeeping only. No guests, bookings or payments.",
  "staff.read_only": "Sees what the front desk sees, but cannot change anything.",
  "staff.you": "you",
  "staff.retired": "Inactive",
  "staff.retire": "Deactivate",
  "staff.return": "Reactivate",
  "staff.reset": "Reset password",
  "staff.reset_title": "New password for {name}",
  "staff.reset_text": "They will be signed out everywhere. Give them the password in person.",
  "staff.reset_done": "{name} has a new password.",

  "role.owner": "Owner",
  "role.manager": "Manager",
  "role.receptionist": "Receptionist",
  "role.housekeeper": "Housekeeper",
  "role.read_only": "Read only",

  "device.title": "Registered devices",
  "device.register": "Register this device",
  "device.hint": "On a registered device, staff sign in with their name and PIN.",
  "device.here": "this device",
  "device.by": "Registered by",
  "device.used": "Last used",
  "device.revoke": "Revoke",
});
