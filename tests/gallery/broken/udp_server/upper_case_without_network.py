# What: shows what is typed in capitals and never talks to anybody.
# Cause: missing-bind
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
print("The server is ready to receive")
while True:
    message = input()
    print(message.upper())
