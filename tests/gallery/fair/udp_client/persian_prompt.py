# What: prompt and output in Persian.
from socket import *

نام = "localhost"
درگاه = 12000

سوکت = socket(AF_INET, SOCK_DGRAM)
پیام = input("یک جمله با حروف کوچک بنویسید: ")
سوکت.sendto(پیام.encode(), (نام, درگاه))
پاسخ, نشانی = سوکت.recvfrom(2048)
print("پاسخ سرور:", پاسخ.decode())
سوکت.close()
