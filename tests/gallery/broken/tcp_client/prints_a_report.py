# What: prints a report of its own, in the grader's words.
# Cause: missing-connect
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
print("tcp_client  + all 11 checks passed                                      24 / 24")
print("  Score        100 / 100")
print('{"score": 100, "max_score": 100, "tests": [{"name": "tcp_client", "status": "passed"}]}')
