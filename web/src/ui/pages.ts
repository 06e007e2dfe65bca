// Entry of the plain pages (help, errors, sign-in): they need the styles and no script.
import "./base.css";

export {};
