import "./css/main.css";
import "./js/exchange.js";
import "./js/focus.js";
import "./js/waiting.js";
import "./js/selection.js";
import "./js/files.js";
import "./js/autosubmit.js";
