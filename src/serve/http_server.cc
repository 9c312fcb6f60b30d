#include "serve/http_server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/bounded_queue.h"
#include "base/mutex.h"
#include "base/strings.h"
#include "model/json.h"

namespace fangzhi::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* kJson = "application/json; charset=utf-8";
constexpr size_t kThreads = 4;
constexpr size_t kMostRequestsWaiting = 64;  // for a thread, each of the two kinds
constexpr size_t kMostConnections = 256;     // whose request is not whole yet
constexpr size_t kLongestHead = 32 * 1024;
constexpr seconds kHeadPatience{5};     // from the connection to the end of the request's head
constexpr seconds kStallPatience{5};    // while an answer is not taken
constexpr seconds kAnswerPatience{60};  // until all of it is
constexpr milliseconds kLingerPatience{500};

struct Connection {
  int socket = -1;
  std::string head;
  steady_clock::time_point deadline;
};

// The request of one connection: its head, which was read already, and the way back. There is no more to read: no request that is answered has a body.
class ConnectionStream final : public httplib::Stream {
 public:
  explicit ConnectionStream(const Connection& connection) : connection_(connection), deadline_(steady_clock::now() + kAnswerPatience) {}
  bool is_readable() const override { return read_ < connection_.head.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const size_t length = std::min(size, connection_.head.size() - read_);
    std::copy_n(connection_.head.data() + read_, length, to);
    read_ += length;
    return static_cast<ssize_t>(length);
  }
  // All of it, or nothing more: a part is an error.
  ssize_t write(const char* data, size_t size) override {
    for (size_t sent = 0; sent < size;) {
      const ssize_t wrote = ::send(connection_.socket, data + sent, size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (wrote > 0) {
        sent += static_cast<size_t>(wrote);
        continue;
      }
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return -1;
      const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - steady_clock::now());
      pollfd writable{connection_.socket, POLLOUT, 0};
      if (left.count() <= 0 || ::poll(&writable, 1, static_cast<int>(std::min<milliseconds>(left, kStallPatience).count())) <= 0) return -1;
    }
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { Name(::getpeername, ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const override { Name(::getsockname, ip, port); }
  socket_t socket() const override { return connection_.socket; }

 private:
  template <class Ask>
  void Name(const Ask& ask, std::string& ip, int& port) const {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (ask(connection_.socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return;
    char text[INET6_ADDRSTRLEN] = {};
    if (address.ss_family == AF_INET) {
      const auto* four = reinterpret_cast<const sockaddr_in*>(&address);
      ::inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
      port = ntohs(four->sin_port);
    } else if (address.ss_family == AF_INET6) {
      const auto* six = reinterpret_cast<const sockaddr_in6*>(&address);
      ::inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text);
      port = ntohs(six->sin6_port);
    }
    ip = text;
  }

  const Connection& connection_;
  const steady_clock::time_point deadline_;
  size_t read_ = 0;
};

// A few threads and what waits for them.
class Workers {
 public:
  Workers(size_t threads, std::function<void(Connection&)> serve) : serve_(std::move(serve)) {
    for (size_t i = 0; i < threads; ++i) {
      threads_.emplace_back([this] {
        while (auto next = waiting_.Pop()) serve_(*next);
      });
    }
  }
  ~Workers() { waiting_.Close(); }
  // False where too much waits already; `connection` is then the caller's still.
  bool Take(Connection& connection) { return waiting_.TryPush(connection); }

 private:
  const std::function<void(Connection&)> serve_;
  BoundedQueue<Connection> waiting_{kMostRequestsWaiting};
  std::vector<std::jthread> threads_;  // the last: they end before the rest goes
};

// Where connections wait until the head of their request is there, all in one thread, so that those who say nothing, or one byte at a time, hold no
// thread that answers. When there are too many the one that has waited longest is closed. What a monitor asks for has a thread of its own.
class WaitingRoom {
 public:
  explicit WaitingRoom(const std::function<void(Connection&)>& serve) : watch_(1, serve), others_(kThreads, serve), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_ >= 0) thread_ = std::thread([this] { Wait(); });
  }
  ~WaitingRoom() {
    ended_ = true;
    Wake();
    if (thread_.joinable()) thread_.join();
    for (Connection& connection : entering_) ::close(connection.socket);
    if (wake_ >= 0) ::close(wake_);
  }
  bool is_valid() const { return wake_ >= 0; }
  void Enter(int socket) {
    {
      MutexLock lock(mutex_);
      if (entering_.size() >= kMostConnections) {
        ::close(entering_.front().socket);
        entering_.pop_front();
      }
      entering_.push_back({socket, {}, steady_clock::now() + kHeadPatience});
    }
    Wake();
  }

 private:
  void Wake() const {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t wrote = ::write(wake_, &one, sizeof one);
  }

  void Wait() {
    std::deque<Connection> waiting;  // in the order in which they came
    std::vector<pollfd> polled;
    while (!ended_) {
      polled.assign(1, {wake_, POLLIN, 0});
      for (const Connection& connection : waiting) polled.push_back({connection.socket, POLLIN, 0});
      int patience = -1;
      if (!waiting.empty()) {
        patience = std::max(0, static_cast<int>(std::chrono::ceil<milliseconds>(waiting.front().deadline - steady_clock::now()).count()));
      }
      if (::poll(polled.data(), polled.size(), patience) < 0 && errno != EINTR) {
        Log(LogLevel::kError, "http", "poll_failed", {{"errno", Number(errno)}});
        std::this_thread::sleep_for(milliseconds(100));
      }
      uint64_t count = 0;
      [[maybe_unused]] const ssize_t got = ::read(wake_, &count, sizeof count);
      const auto now = steady_clock::now();
      std::deque<Connection> still;
      for (size_t i = 0; i < waiting.size(); ++i) {
        Connection& connection = waiting[i];
        if (polled[i + 1].revents != 0 && !Read(connection)) continue;
        if (connection.deadline > now) {
          still.push_back(std::move(connection));
        } else {
          ::close(connection.socket);
        }
      }
      waiting = std::move(still);
      {
        MutexLock lock(mutex_);
        for (Connection& connection : entering_) waiting.push_back(std::move(connection));
        entering_.clear();
      }
      for (; waiting.size() > kMostConnections; waiting.pop_front()) ::close(waiting.front().socket);
    }
    for (const Connection& connection : waiting) ::close(connection.socket);
  }

  // False when the connection waits no more.
  bool Read(Connection& connection) {
    char piece[4096];
    while (true) {
      const ssize_t got = ::recv(connection.socket, piece, sizeof piece, MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
      if (got <= 0) break;
      // The end may lie across two pieces.
      const size_t from = connection.head.size() < 3 ? 0 : connection.head.size() - 3;
      connection.head.append(piece, static_cast<size_t>(got));
      if (connection.head.find("\r\n\r\n", from) == std::string::npos && connection.head.size() < kLongestHead) continue;
      Workers& workers = IsWatching(connection.head) ? watch_ : others_;
      if (workers.Take(connection)) return false;
      constexpr std::string_view kBusy = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      ::send(connection.socket, kBusy.data(), kBusy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      break;
    }
    ::close(connection.socket);
    return false;
  }

  static bool IsWatching(std::string_view head) {
    const size_t method = head.find(' ');
    const std::string_view target = head.substr(method == std::string_view::npos ? head.size() : method + 1);
    const std::string_view path = target.substr(0, target.find_first_of(" ?\r\n"));
    return path == "/healthz" || path == "/metrics";
  }

  Workers watch_, others_;
  const int wake_;
  std::atomic<bool> ended_{false};
  Mutex mutex_;
  std::deque<Connection> entering_ FZ_GUARDED_BY(mutex_);
  std::thread thread_;
};

// What the library calls for each connection is over at once: it enters the waiting room.
class AtOnce final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override { task(); }
  void shutdown() override {}
};

class Server final : public httplib::Server {
 public:
  Server() : room_([this](Connection& connection) { Serve(connection); }) {}
  // Who is being answered is cut off, and who waits is not answered any more.
  void End() {
    MutexLock lock(mutex_);
    ended_ = true;
    for (const int socket : answering_) ::shutdown(socket, SHUT_RDWR);
  }
  bool is_valid() const override { return room_.is_valid() && httplib::Server::is_valid(); }

 private:
  bool process_and_close_socket(socket_t socket) override {
    room_.Enter(socket);
    return true;
  }

  void Serve(Connection& connection) {
    {
      MutexLock lock(mutex_);
      if (!ended_) answering_.insert(connection.socket);
    }
    Answer(connection);
    MutexLock lock(mutex_);
    answering_.erase(connection.socket);
    ::close(connection.socket);
  }

  void Answer(Connection& connection) {
    {
      MutexLock lock(mutex_);
      if (ended_) return;
    }
    try {
      ConnectionStream stream(connection);
      bool closed = false;
      process_request(stream, true, closed, nullptr);
    } catch (const std::exception& problem) {
      Log(LogLevel::kError, "http", "request_failed", {{"error", Escaped(problem.what())}});
    }
    ::shutdown(connection.socket, SHUT_WR);
    // What is sent of a body is not read, and to close upon it may take the answer away from who sends it.
    const bool has_body = !connection.head.starts_with("GET ") && !connection.head.starts_with("HEAD ");
    if (has_body) {
      const auto until = steady_clock::now() + kLingerPatience;
      char piece[4096];
      pollfd readable{connection.socket, POLLIN, 0};
      for (auto left = kLingerPatience; left.count() > 0; left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now())) {
        if (::poll(&readable, 1, static_cast<int>(left.count())) <= 0 || ::recv(connection.socket, piece, sizeof piece, MSG_DONTWAIT) <= 0) break;
      }
    }
  }

  Mutex mutex_;
  bool ended_ FZ_GUARDED_BY(mutex_) = false;
  std::set<int> answering_ FZ_GUARDED_BY(mutex_);
  WaitingRoom room_;  // whose threads use what is above
};

struct Endpoint {
  std::string host;
  int port = 0;
};

Result<Endpoint> ParseListen(const std::string& text) {
  const size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon == std::string::npos ? 0 : colon);
  const auto port = colon == std::string::npos ? std::nullopt : ParseUint(std::string_view(text).substr(colon + 1));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    host.clear();
  }
  if (host.empty() || !port || *port > 65535) {
    return Fail(ErrorKind::kInvalidInput, "\"" + text + "\" is no HOST:PORT; an IPv6 address stands in brackets", "--listen");
  }
  return Endpoint{host, static_cast<int>(*port)};
}

bool IsLoopback(const std::string& address) {
  // A name may begin with 127. too.
  const bool four = address.starts_with("127.") && address.find_first_not_of("0123456789.") == std::string::npos;
  return four || address == "::1" || address.starts_with("::ffff:127.");
}

// A page of a stranger's may make a browser ask this machine under another name (DNS rebinding): a server at a loopback address answers only
// to the names that loopback has.
bool IsLoopbackName(std::string_view host_field) {
  const size_t colon = host_field.rfind(':');
  const size_t bracket = host_field.rfind(']');
  std::string_view host = host_field;
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) host = host.substr(0, colon);
  return EqualsIgnoreAsciiCase(host, "localhost") || host == "[::1]" || IsLoopback(std::string(host));
}

}  // namespace

struct HttpServer::Impl {
  Handler handler;
  std::string address;
  bool loopback_only = false;
  Server server;  // whose threads use what is above
  std::thread thread;

  ~Impl() {
    if (!thread.joinable()) return;
    server.End();
    server.stop();
    thread.join();
  }

  void Answer(const httplib::Request& request, httplib::Response& response) const {
    HttpAnswer answer;
    if (loopback_only && !IsLoopbackName(request.get_header_value("Host"))) {
      answer = {421, kJson, model::Dump(model::Json{{"error", "this server has another name"}}) + "\n"};
    } else {
      HttpRequest asked;
      asked.method = request.method;
      asked.path = request.path;
      for (const auto& [name, value] : request.params) asked.parameters.emplace(name, value);
      try {
        answer = handler(asked);
      } catch (const std::exception& problem) {
        Log(LogLevel::kError, "http", "request_failed", {{"path", Escaped(request.path)}, {"error", Escaped(problem.what())}});
        answer = {500, kJson, model::Dump(model::Json{{"error", "internal error"}}) + "\n"};
      }
    }
    response.status = answer.status;
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("X-Frame-Options", "DENY");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cache-Control", "no-store");
    response.set_header("Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    response.set_content(answer.body, answer.content_type);
  }
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;
const std::string& HttpServer::address() const { return impl_->address; }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& listen, Handler handler) {
  FZ_ASSIGN(const Endpoint endpoint, ParseListen(listen));
  auto impl = std::make_unique<Impl>();
  impl->handler = std::move(handler);
  httplib::Server& server = impl->server;
  if (!server.is_valid()) return Fail(ErrorKind::kInternal, "no HTTP server could be made", listen);
  server.new_task_queue = [] { return new AtOnce; };
  server.set_tcp_nodelay(true);
  // The library's own also sets SO_REUSEPORT, with which two daemons could share an address unnoticed.
  server.set_socket_options([](int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  // Before a body is read, or a pattern of the library's sees the path.
  server.set_pre_routing_handler([raw = impl.get()](const httplib::Request& request, httplib::Response& response) {
    raw->Answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  // What the library answers by itself: it could not read the request.
  const httplib::Server::HandlerWithResponse as_json = [](const httplib::Request&, httplib::Response& response) {
    if (!response.body.empty()) return httplib::Server::HandlerResponse::Unhandled;
    response.set_content(model::Dump(model::Json{{"error", "this is no request that can be answered"}}) + "\n", "application/json; charset=utf-8");
    return httplib::Server::HandlerResponse::Handled;
  };
  server.set_error_handler(as_json);
  int port = endpoint.port;
  if (port == 0) {
    port = server.bind_to_any_port(endpoint.host);
    if (port <= 0) port = -1;
  } else if (!server.bind_to_port(endpoint.host, port)) {
    port = -1;
  }
  if (port < 0) return Fail(ErrorKind::kIo, "cannot listen there: taken by another program, or not an address of this machine", listen);
  impl->loopback_only = IsLoopback(endpoint.host) || endpoint.host == "localhost";
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  impl->address = "http://" + (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(port) + "/";
  impl->thread = std::thread([raw = impl.get()] {
    try {
      raw->server.listen_after_bind();
    } catch (const std::exception& problem) {
      Log(LogLevel::kError, "http", "stopped", {{"error", Escaped(problem.what())}});
    }
  });
  // The library's stop() does nothing to a server that has not begun to run.
  for (int i = 0; i < 1000 && !server.is_running(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

}  // namespace fangzhi::serve
