// What pages can do beyond links and forms; everything of importance works without it.
import "./copy";
import "./countdown";
import "./dialogs";
import "./equal";
import "./focus";
import "./guard";
import "./inbox";
import "./look";
import "./offline";
import "./password";
import "./reveal";
import "./shortcuts";
import "./submit";
import "./times";
import "./toasts";
import "./zone";
