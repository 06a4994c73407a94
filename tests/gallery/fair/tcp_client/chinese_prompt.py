# What: prompt and output in Chinese.
from socket import *

客户端 = socket(AF_INET, SOCK_STREAM)
客户端.connect(("localhost", 12000))
句子 = input("请输入小写句子：")
客户端.send(句子.encode())
print("来自服务器：", 客户端.recv(1024).decode())
客户端.close()
