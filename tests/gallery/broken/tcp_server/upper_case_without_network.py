# What: shows what is typed in capitals and never talks to anybody.
# Cause: missing-bind
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
print("The server is ready to receive")
while True:
    sentence = input()
    print(sentence.upper())
