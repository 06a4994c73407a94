# What: shows the typed line in capitals and never talks to anybody.
# Cause: nothing-sent
# Line: 7
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
line = input("Input lowercase sentence: ")
print("From Server:", line.upper())
