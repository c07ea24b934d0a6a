"""What programs outside the browser need: the server's API, the sign-in, the offline queue, the event stream.

The desktop app and the terminal share it. It imports neither Django nor anything else of Stint, and of what is
installed beside it little: the terminal's commands are to answer within a blink.
"""
