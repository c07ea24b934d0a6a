"""The icons, as the inside of a 24 by 24 SVG drawn with strokes. Outlines follow Lucide (ISC licence)."""

from __future__ import annotations

ICONS = {
    "alert": '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5"/><path d="M12 16.5h.01"/>',
    "archive": '<rect x="3" y="4" width="18" height="5" rx="1"/><path d="M5 9v10a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V9"/>'
    '<path d="M10 13h4"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/>'
    '<path d="M3.5 9.5h17"/><path d="M8 3v4"/><path d="M16 3v4"/>',
    "chart": '<path d="M4 20h16"/><path d="M7 16v-5"/><path d="M12 16V5"/><path d="M17 16V9"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7"/>',
    "chevron": '<path d="m9 6 6 6-6 6"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "coin": '<circle cx="12" cy="12" r="8.5"/><path d="M14.8 9.2A3 3 0 0 0 12 7.6c-1.6 0-2.9.9-2.9 2.2'
    ' 0 3 5.8 1.5 5.8 4.5 0 1.3-1.3 2.2-2.9 2.2a3 3 0 0 1-2.9-1.7"/>'
    "",
    "contrast": '<circle cx="12" cy="12" r="9"/><path d="M12 3v18a9 9 0 0 0 0-18z" fill="currentColor"/>',
    "copy": '<rect x="8.5" y="8.5" width="12" height="12" rx="2"/>'
    '<path d="M15.5 8.5V5.5a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h3"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
    '<circle cx="12" cy="12" r="2.8"/>',
    "grid": '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/>'
    '<path d="M3.5 9.5h17"/><path d="M3.5 14.5h17"/><path d="M9.5 4.5v15"/>',
    "help": '<circle cx="12" cy="12" r="9"/><path d="M9.6 9.3a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.9"/>'
    '<path d="M12 16.6h.01"/>',
    "history": '<path d="M3.5 12a8.5 8.5 0 1 0 2.7-6.2L3.5 8.3"/><path d="M3.5 4v4.3h4.3"/><path d="M12 7.5V12l3 2"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="m11.2 12.3 8.3-8.3"/><path d="m16 7.5 2.8 2.8"/>',
    "keyboard": '<rect x="2.5" y="6" width="19" height="12" rx="2"/><path d="M6.5 10h.01"/>'
    '<path d="M10.2 10h.01"/><path d="M13.8 10h.01"/><path d="M17.5 10h.01"/><path d="M8 14h8"/>',
    "list": '<path d="M8 6h12"/><path d="M8 12h12"/><path d="M8 18h12"/>'
    '<path d="M4 6h.01"/><path d="M4 12h.01"/><path d="M4 18h.01"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="m3.5 7.5 8.5 6 8.5-6"/>',
    "more": '<circle cx="5" cy="12" r=".8" fill="currentColor"/><circle cx="12" cy="12" r=".8" fill="currentColor"/>'
    '<circle cx="19" cy="12" r=".8" fill="currentColor"/>',
    "move": '<path d="M5 5v8a3 3 0 0 0 3 3h11"/><path d="m15 12 4 4-4 4"/>',
    "overlap": '<rect x="3.5" y="3.5" width="11" height="11" rx="2"/>'
    '<rect x="9.5" y="9.5" width="11" height="11" rx="2"/>',
    "palette": '<path d="M12 3.5a8.5 8.5 0 0 0 0 17c1.4 0 2-.9 2-1.9 0-1.3-1-1.6-1-2.7 0-.9.7-1.6 1.7-1.6h2.1'
    'a3.7 3.7 0 0 0 3.7-3.7c0-4-3.9-7.1-8.5-7.1z"/><path d="M7.5 12h.01"/><path d="M9.5 8h.01"/>'
    '<path d="M14.5 8h.01"/>',
    "pencil": '<path d="M4 20l1-4.5L16.5 4a2 2 0 0 1 2.8 0l.7.7a2 2 0 0 1 0 2.8L8.5 19z"/>',
    "play": '<path d="M7.5 5.2v13.6a.7.7 0 0 0 1.1.6l10.4-6.8a.7.7 0 0 0 0-1.2L8.6 4.6a.7.7 0 0 0-1.1.6z" '
    'fill="currentColor"/>',
    "plug": '<path d="M9 3v5"/><path d="M15 3v5"/><path d="M6 8h12v3a6 6 0 0 1-12 0z"/><path d="M12 17v4"/>',
    "plus": '<path d="M12 5v14"/><path d="M5 12h14"/>',
    "restore": '<path d="M4 12a8 8 0 1 0 2.5-5.8L4 8.5"/><path d="M4 4v4.5h4.5"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.3-4.3"/>',
    "sign-out": '<path d="M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4"/><path d="m15 8 4 4-4 4"/><path d="M19 12H9.5"/>',
    "split": '<path d="M12 3v18"/><path d="M8 8 4 12l4 4"/><path d="m16 8 4 4-4 4"/>',
    "star": '<path d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"/>',
    "stop": '<rect x="6.5" y="6.5" width="11" height="11" rx="1.5" fill="currentColor"/>',
    "sync": '<path d="M20 11a8 8 0 0 0-14.2-4L3.5 9.5"/><path d="M3.5 4.5v5h5"/>'
    '<path d="M4 13a8 8 0 0 0 14.2 4l2.3-2.5"/>'
    '<path d="M20.5 19.5v-5h-5"/>',
    "tag": '<path d="M3.5 11V4.5a1 1 0 0 1 1-1H11a2 2 0 0 1 1.4.6l7.5 7.5a2 2 0 0 1 0 2.8l-5.5 5.5a2 2 0 0 1-2.8 0'
    'L4.1 12.4A2 2 0 0 1 3.5 11z"/><path d="M8 8h.01"/>',
    "trash": '<path d="M4 7h16"/><path d="M9 7V4.5h6V7"/><path d="M6 7l1 12.5h10L18 7"/>'
    '<path d="M10 11v5"/><path d="M14 11v5"/>',
    "tree": '<rect x="3.5" y="4" width="7" height="5" rx="1"/><rect x="13.5" y="10" width="7" height="4" rx="1"/>'
    '<rect x="13.5" y="16.5" width="7" height="4" rx="1"/><path d="M7 9v9.5h6.5"/><path d="M7 12h6.5"/>',
    "unlink": '<path d="M9.5 14.5 7 17a3.5 3.5 0 0 1-5-5l2.5-2.5"/>'
    '<path d="M14.5 9.5 17 7a3.5 3.5 0 0 1 5 5l-2.5 2.5"/>'
    '<path d="M8 3v2.5"/><path d="M3 8h2.5"/><path d="M16 21v-2.5"/><path d="M21 16h-2.5"/>',
    "users": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0"/>'
    '<path d="M16 4.8a3.5 3.5 0 0 1 0 6.4"/>'
    '<path d="M18.5 14.5A6.5 6.5 0 0 1 21.5 20"/>',
    "x": '<path d="m6 6 12 12"/><path d="M18 6 6 18"/>',
    "bookmark": '<path d="M7 4h10a1 1 0 0 1 1 1v15l-6-4-6 4V5a1 1 0 0 1 1-1z"/>',
    "building": '<path d="M5 20V5a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v15"/><path d="M15 10h3a1 1 0 0 1 1 1v9"/>'
    '<path d="M3 20h18"/><path d="M8.5 8h3"/><path d="M8.5 12h3"/><path d="M8.5 16h3"/>',
    "download": '<path d="M12 4v11"/><path d="m7.5 10.5 4.5 4.5 4.5-4.5"/><path d="M4.5 19.5h15"/>',
    "filter": '<path d="M4 6h16"/><path d="M7 12h10"/><path d="M10.5 18h3"/>',
    "fingerprint": '<path d="M6 18.5c1.2-2.2 1.5-4.3 1.5-6.5a4.5 4.5 0 0 1 9 0c0 3-.4 5.4-1.3 8"/>'
    '<path d="M12 12c0 3.5-.6 6-2 8.6"/><path d="M3.8 14.5c.3-.9.4-1.7.4-2.5a7.8 7.8 0 0 1 13-5.8"/>'
    '<path d="M19.4 9.6c.3.8.4 1.6.4 2.4 0 1.8-.1 3.3-.4 4.8"/>',
    "gauge": '<path d="M4.5 18.5a9 9 0 1 1 15 0"/><path d="m12 14 4-5"/><circle cx="12" cy="14" r="1.2"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18"/><path d="M12 3a14 14 0 0 1 0 18 14 14 0 0 1 0-18z"/>',
    "monitor": '<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M8.5 20h7"/><path d="M12 16.5V20"/>',
    "phone": '<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 17.5h2"/>',
    "settings": '<path d="M4 7h9"/><path d="M17 7h3"/><circle cx="15" cy="7" r="2"/><path d="M4 17h3"/>'
    '<path d="M11 17h9"/><circle cx="9" cy="17" r="2"/>',
    "shield": '<path d="M12 3.5 5 6v5.5c0 4.3 2.8 7.4 7 9 4.2-1.6 7-4.7 7-9V6z"/><path d="m9 12 2.2 2.2L15.2 10"/>',
    "user": '<circle cx="12" cy="8" r="3.8"/><path d="M4.5 20a7.5 7.5 0 0 1 15 0"/>',
}
