// One thread, one epoll loop, HTTP/1.1 with keep-alive. It knows nothing of the portal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fangzhi::portal {

struct Request {
  std::string method;
  std::string target;  // as it stands in the request line
  std::string path;    // before the '?'
  std::string query;
  std::string body;
  std::string host;
  std::string if_none_match;
  std::string if_modified_since;
  std::string user_agent;
  bool accepts_gzip = false;
  bool first_on_connection = false;
  uint64_t connection = 0;
};

struct Response {
  int status = 200;
  std::string content_type = "text/html";
  std::string headers;  // further lines, each with its CRLF
  std::string body;
  bool chunked = false;
  // When set, the body goes on: called whenever the socket has room; false ends it.
  std::function<bool(std::string* out)> more;
  bool close = false;
  // Faults.
  int delay_ms = 0;
  int more_interval_ms = 0;  // between two calls of `more`
  int64_t length_shift = 0;  // added to the true Content-Length
  bool reset = false;        // no answer, RST
  int64_t reset_after = -1;  // RST after so many bytes of the body
  bool silent = false;       // never answers
  bool raw = false;          // `body` is the whole answer with its head; the connection closes after it
};

class HttpServer {
 public:
  using Handler = std::function<Response(const Request&)>;
  // Called with a connection's number when it closes.
  using CloseHandler = std::function<void(uint64_t)>;

  HttpServer(Handler handler, CloseHandler on_close)
      : handler_(std::move(handler)), on_close_(std::move(on_close)) {}
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // False: the error is in errno.
  bool Listen(const std::string& address, uint16_t port);
  uint16_t port() const { return port_; }
  // Until `stop_fd` becomes readable.
  void Run(int stop_fd);
  uint64_t bytes_sent() const { return bytes_sent_; }

 private:
  struct Connection {
    int fd = -1;
    uint64_t number = 0;
    uint64_t requests = 0;
    std::string in;
    std::string out;
    size_t out_at = 0;
    std::function<bool(std::string*)> more;
    bool more_chunked = false;
    int more_interval_ms = 0;
    bool waiting = false;  // a timer holds the answer back
    bool close_after = false;
    bool reset_after = false;
    bool wants_write = false;
  };
  struct Timer {
    int64_t due;
    uint64_t connection;
    bool operator<(const Timer& other) const { return due > other.due; }
  };

  void Accept();
  void Read(Connection* connection);
  bool TakeRequest(Connection* connection, Request* request);
  void Answer(Connection* connection, const Request& request);
  void Progress(Connection* connection);
  bool Flush(Connection* connection);
  void PullMore(Connection* connection);
  void Watch(Connection* connection);
  void Close(Connection* connection, bool reset);
  void Hold(Connection* connection, int milliseconds);
  void RunTimers();

  Handler handler_;
  CloseHandler on_close_;
  int listener_ = -1;
  int epoll_ = -1;
  uint16_t port_ = 0;
  uint64_t next_number_ = 2;  // 0 and 1 are the listener and the stop descriptor
  uint64_t bytes_sent_ = 0;
  std::unordered_map<uint64_t, std::unique_ptr<Connection>> connections_;
  std::priority_queue<Timer> timers_;
};

int64_t MonotonicMicroseconds();

}  // namespace fangzhi::portal
