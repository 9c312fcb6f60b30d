// A small HTTP server on loopback for the fetcher's tests: a thread a connection, and a script a path that
// writes whatever bytes it likes, also such as no server should.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fangzhi::fetch {

class LoopbackServer {
 public:
  // One request on one connection.
  class Exchange {
   public:
    Exchange(int descriptor, std::string request_head, std::string request_body,
             const std::atomic<bool>& stop)
        : head(std::move(request_head)),
          body(std::move(request_body)),
          descriptor_(descriptor),
          stop_(stop) {}
    const std::string head;
    const std::string body;
    bool Send(std::string_view bytes) {
      while (!bytes.empty()) {
        const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<size_t>(sent));
      }
      return true;
    }
    // In small steps, so that the server can be stopped. False when it was.
    bool Sleep(std::chrono::milliseconds time) {
      const auto end = std::chrono::steady_clock::now() + time;
      while (!stop_ && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      return !stop_;
    }
    void Close() { close_ = true; }
    // Closes with a TCP reset.
    void Reset() {
      const linger now{1, 0};
      setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
      close_ = true;
    }
    bool closing() const { return close_; }

   private:
    int descriptor_;
    const std::atomic<bool>& stop_;
    bool close_ = false;
  };
  using Script = std::function<void(Exchange&)>;

  explicit LoopbackServer(int family = AF_INET) : family_(family) {
    listener_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0) return;
    sockaddr_storage address{};
    socklen_t length = sizeof(sockaddr_in);
    if (family == AF_INET) {
      auto* ipv4 = reinterpret_cast<sockaddr_in*>(&address);
      ipv4->sin_family = AF_INET;
      ipv4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {
      auto* ipv6 = reinterpret_cast<sockaddr_in6*>(&address);
      ipv6->sin6_family = AF_INET6;
      ipv6->sin6_addr = in6addr_loopback;
      length = sizeof(sockaddr_in6);
    }
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listener_, 512) != 0)
      return;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(family == AF_INET ? reinterpret_cast<sockaddr_in*>(&address)->sin_port
                                    : reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
    acceptor_ = std::thread([this] { Accept(); });
  }
  ~LoopbackServer() {
    stop_ = true;
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    if (listener_ >= 0) close(listener_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  bool ok() const { return port_ != 0; }
  void On(const std::string& path, Script script) {
    std::lock_guard<std::mutex> lock(mutex_);
    scripts_[path] = std::move(script);
  }
  // The same bytes whenever it is asked.
  void OnBytes(const std::string& path, std::string bytes, bool then_close = false) {
    On(path, [bytes = std::move(bytes), then_close](Exchange& exchange) {
      exchange.Send(bytes);
      if (then_close) exchange.Close();
    });
  }
  std::string Url(const std::string& path) const {
    return std::string("http://") + (family_ == AF_INET ? "127.0.0.1" : "[::1]") + ":" +
           std::to_string(port_) + path;
  }
  int connections() const { return connections_; }
  int requests() const { return requests_; }

 private:
  void Accept() {
    while (!stop_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (poll(&waiting, 1, 5) <= 0) continue;
      const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (descriptor < 0) continue;
      ++connections_;
      threads_.emplace_back([this, descriptor] { Serve(descriptor); });
    }
  }

  void Serve(int descriptor) {
    std::string buffer;
    while (!stop_) {
      const size_t end = buffer.find("\r\n\r\n");
      if (end == std::string::npos) {
        if (!Fill(descriptor, &buffer)) break;
        continue;
      }
      std::string head = buffer.substr(0, end + 4);
      buffer.erase(0, end + 4);
      size_t length = 0;
      const size_t at = head.find("Content-Length: ");
      if (at != std::string::npos) length = std::stoul(head.substr(at + 16));
      while (buffer.size() < length && Fill(descriptor, &buffer)) {
      }
      std::string body = buffer.substr(0, length);
      buffer.erase(0, body.size());
      ++requests_;
      const size_t path = head.find(' ') + 1;
      Script script;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        const auto found = scripts_.find(head.substr(path, head.find(' ', path) - path));
        if (found != scripts_.end()) script = found->second;
      }
      Exchange exchange(descriptor, std::move(head), std::move(body), stop_);
      if (script) {
        script(exchange);
      } else {
        exchange.Send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
      }
      if (exchange.closing()) break;
    }
    close(descriptor);
  }

  bool Fill(int descriptor, std::string* buffer) {
    while (!stop_) {
      pollfd waiting{descriptor, POLLIN, 0};
      if (poll(&waiting, 1, 5) <= 0) continue;
      char bytes[4096];
      const ssize_t count = recv(descriptor, bytes, sizeof(bytes), 0);
      if (count <= 0) return false;
      buffer->append(bytes, static_cast<size_t>(count));
      return true;
    }
    return false;
  }

  const int family_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0};
  std::atomic<int> requests_{0};
  std::mutex mutex_;
  std::map<std::string, Script> scripts_;
  std::thread acceptor_;
  std::vector<std::thread> threads_;  // of the acceptor, then of the destructor
};

}  // namespace fangzhi::fetch
