# What: prompt and output in Chinese, with text on both sides of the answer.
import socket

客户端 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
消息 = input("请输入一句小写英文：")
客户端.sendto(消息.encode("utf-8"), ("localhost", 12000))
回复, _ = 客户端.recvfrom(2048)
print(f"【服务器】「{回复.decode('utf-8')}」——完")
客户端.close()
