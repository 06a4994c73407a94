# What: prints a report of its own, in the grader's words.
# Cause: missing-bind
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
print("udp_server  + all 10 checks passed                                      24 / 24")
print("  Score        100 / 100")
print('{"score": 100, "max_score": 100, "tests": [{"name": "udp_server", "status": "passed"}]}')
