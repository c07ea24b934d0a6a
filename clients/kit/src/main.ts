// The script of every page. Pages work without it; it makes them quick and live.
import "htmx.org";
