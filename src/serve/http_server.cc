#include "serve/http_server.h"

#include <httplib.h>

#include <chrono>
#include <thread>

#include "base/bounded_queue.h"
#include "base/log.h"
#include "base/strings.h"

namespace fangzhi::serve {
namespace {

constexpr size_t kThreads = 4;
constexpr size_t kMostConnectionsWaiting = 64;
constexpr size_t kLongestBody = 64 * 1024;
constexpr time_t kPatienceSeconds = 5;

// A few threads and a bounded queue: when it is full the accepting thread waits, so that strangers cannot make us hold descriptors without end
// (the library's own pool takes any number).
class BoundedPool final : public httplib::TaskQueue {
 public:
  BoundedPool() : queue_(kMostConnectionsWaiting) {
    for (size_t i = 0; i < kThreads; ++i) {
      threads_.emplace_back([this] {
        while (auto task = queue_.Pop()) (*task)();
      });
    }
  }
  void enqueue(std::function<void()> task) override { queue_.Push(std::move(task)); }
  void shutdown() override {
    queue_.Close();
    threads_.clear();
  }

 private:
  BoundedQueue<std::function<void()>> queue_;
  std::vector<std::jthread> threads_;
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
  httplib::Server server;
  Handler handler;
  std::string address;
  bool loopback_only = false;
  std::thread thread;

  ~Impl() {
    if (!thread.joinable()) return;
    server.stop();
    thread.join();
  }

  void Answer(const httplib::Request& request, httplib::Response& response) const {
    HttpAnswer answer;
    if (loopback_only && !IsLoopbackName(request.get_header_value("Host"))) {
      answer = {421, "text/plain; charset=utf-8", "this server has another name\n"};
    } else {
      HttpRequest asked;
      asked.method = request.method;
      asked.path = request.path;
      asked.body = request.body;
      for (const auto& [name, value] : request.params) asked.parameters.emplace(name, value);
      asked.from_loopback = IsLoopback(request.remote_addr);
      asked.authorization = request.get_header_value("Authorization");
      try {
        answer = handler(asked);
      } catch (const std::exception& problem) {
        Log(LogLevel::kError, "http", "request_failed", {{"path", Escaped(request.path)}, {"error", Escaped(problem.what())}});
        answer = {500, "text/plain; charset=utf-8", "internal error\n"};
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
  server.new_task_queue = [] { return new BoundedPool; };
  server.set_payload_max_length(kLongestBody);
  server.set_read_timeout(kPatienceSeconds);
  server.set_write_timeout(kPatienceSeconds);
  server.set_keep_alive_timeout(2);  // a thread is held meanwhile
  server.set_keep_alive_max_count(100);
  server.set_tcp_nodelay(true);
  // The library's own also sets SO_REUSEPORT, with which two daemons could share an address unnoticed.
  server.set_socket_options([](int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_pre_routing_handler([raw = impl.get()](const httplib::Request& request, httplib::Response& response) {
    // A body is read only after this; only those that may carry one go on.
    constexpr size_t kLongestPath = 512;
    if (request.method == "POST" && request.path.size() <= kLongestPath) return httplib::Server::HandlerResponse::Unhandled;
    raw->Answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  server.Post(".*", [raw = impl.get()](const httplib::Request& request, httplib::Response& response) { raw->Answer(request, response); });
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
