// The phone app. It opens from what the phone keeps of it (sw.ts) and of the person (kept.ts, the queue).
import { installTheme } from "../../kit/src/theme";
import "./phone.css";
import "./app";

installTheme();
