#include "http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace fangzhi::portal {
namespace {

constexpr size_t kMaxRequest = 64 * 1024;
constexpr size_t kOutAtOnce = 256 * 1024;
constexpr uint64_t kListenerNumber = 0;
constexpr uint64_t kStopNumber = 1;

std::string_view Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
           return lower(x) == lower(y);
         });
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

void AppendChunk(std::string_view data, std::string* out) {
  if (data.empty()) return;
  char size[24];
  const int length = std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  out->append(size, static_cast<size_t>(length)).append(data).append("\r\n");
}

}  // namespace

int64_t MonotonicMicroseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

HttpServer::~HttpServer() {
  for (auto& [number, connection] : connections_) close(connection->fd);
  if (listener_ >= 0) close(listener_);
  if (epoll_ >= 0) close(epoll_);
}

bool HttpServer::Listen(const std::string& address, uint16_t port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener_ < 0) return false;
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &name.sin_addr) != 1) {
    errno = EINVAL;
    return false;
  }
  if (bind(listener_, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 || listen(listener_, 1024) != 0)
    return false;
  socklen_t size = sizeof name;
  if (getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size) != 0) return false;
  port_ = ntohs(name.sin_port);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kListenerNumber;
  return epoll_ >= 0 && epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event) == 0;
}

void HttpServer::Run(int stop_fd) {
  epoll_event stop{};
  stop.events = EPOLLIN;
  stop.data.u64 = kStopNumber;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, stop_fd, &stop);
  std::vector<epoll_event> events(256);
  while (true) {
    int wait = -1;
    if (!timers_.empty()) {
      wait = static_cast<int>(
          std::clamp<int64_t>((timers_.top().due - MonotonicMicroseconds() + 999) / 1000, 0, 60000));
    }
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
    for (int i = 0; i < count; ++i) {
      const uint64_t number = events[static_cast<size_t>(i)].data.u64;
      const uint32_t what = events[static_cast<size_t>(i)].events;
      if (number == kStopNumber) return;
      if (number == kListenerNumber) {
        Accept();
        continue;
      }
      const auto found = connections_.find(number);
      if (found == connections_.end()) continue;
      Connection* connection = found->second.get();
      if ((what & (EPOLLHUP | EPOLLERR)) != 0) {
        Close(connection, false);
      } else if ((what & EPOLLIN) != 0) {
        Read(connection);
      } else {
        Progress(connection);
      }
    }
    RunTimers();
  }
}

void HttpServer::Accept() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto connection = std::make_unique<Connection>();
    connection->fd = fd;
    connection->number = next_number_++;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = connection->number;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
      close(fd);
      continue;
    }
    connections_.emplace(connection->number, std::move(connection));
  }
}

void HttpServer::Read(Connection* connection) {
  char buffer[16384];
  while (true) {
    const ssize_t got = recv(connection->fd, buffer, sizeof buffer, 0);
    if (got > 0) {
      connection->in.append(buffer, static_cast<size_t>(got));
      if (connection->in.size() > kMaxRequest) return Close(connection, true);
      if (static_cast<size_t>(got) < sizeof buffer) break;
      continue;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got < 0 && errno == EINTR) continue;
    return Close(connection, false);
  }
  Progress(connection);
}

// One request off the front of the input; false: it is not whole yet.
bool HttpServer::TakeRequest(Connection* connection, Request* request) {
  const size_t end = connection->in.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const std::string_view head = std::string_view(connection->in).substr(0, end);
  size_t body = 0;
  size_t line_end = std::min(head.find("\r\n"), head.size());
  const std::string_view first = head.substr(0, line_end);
  const size_t space = first.find(' ');
  const size_t space2 = first.rfind(' ');
  if (space != std::string_view::npos && space2 > space) {
    request->method = first.substr(0, space);
    request->target = first.substr(space + 1, space2 - space - 1);
    if (first.substr(space2 + 1) == "HTTP/1.0") connection->close_after = true;
  }
  for (size_t from = line_end + 2; from < head.size();) {
    line_end = std::min(head.find("\r\n", from), head.size());
    const std::string_view line = head.substr(from, line_end - from);
    from = line_end + 2;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = Trim(line.substr(colon + 1));
    if (EqualIgnoringCase(name, "host")) {
      request->host = value;
    } else if (EqualIgnoringCase(name, "if-none-match")) {
      request->if_none_match = value;
    } else if (EqualIgnoringCase(name, "if-modified-since")) {
      request->if_modified_since = value;
    } else if (EqualIgnoringCase(name, "user-agent")) {
      request->user_agent = value;
    } else if (EqualIgnoringCase(name, "accept-encoding")) {
      request->accepts_gzip = value.find("gzip") != std::string_view::npos;
    } else if (EqualIgnoringCase(name, "connection")) {
      if (EqualIgnoringCase(value, "close")) connection->close_after = true;
    } else if (EqualIgnoringCase(name, "content-length")) {
      body = std::min<size_t>(static_cast<size_t>(std::strtoul(std::string(value).c_str(), nullptr, 10)),
                              kMaxRequest);
    }
  }
  if (connection->in.size() < end + 4 + body) return false;
  request->body = connection->in.substr(end + 4, body);
  connection->in.erase(0, end + 4 + body);
  // An absolute target is allowed by the protocol.
  std::string_view target = request->target;
  if (target.substr(0, 7) == "http://") {
    const size_t slash = target.find('/', 7);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  const size_t question = target.find('?');
  request->path = target.substr(0, question);
  if (question != std::string_view::npos) request->query = target.substr(question + 1);
  request->connection = connection->number;
  request->first_on_connection = connection->requests++ == 0;
  return true;
}

void HttpServer::Answer(Connection* connection, const Request& request) {
  Response response = handler_(request);
  if (response.reset) return Close(connection, true);
  if (response.silent) {
    connection->waiting = true;
    return;
  }
  std::string& out = connection->out;
  const bool head_only = request.method == "HEAD";
  if (response.raw) {
    out += response.body;
    connection->more = std::move(response.more);
    connection->more_chunked = false;
    connection->more_interval_ms = response.more_interval_ms;
    connection->close_after = true;
  } else {
    if (response.close) connection->close_after = true;
    const bool bodiless = response.status == 304;
    const bool chunked = !bodiless && (response.chunked || response.more != nullptr);
    out.reserve(out.size() + response.body.size() + 512);
    out.append("HTTP/1.1 ")
        .append(std::to_string(response.status))
        .append(" ")
        .append(Reason(response.status));
    out.append("\r\nServer: nginx\r\n");
    if (!bodiless) out.append("Content-Type: ").append(response.content_type).append("\r\n");
    out.append(response.headers);
    if (chunked) {
      out.append("Transfer-Encoding: chunked\r\n");
    } else if (!bodiless) {
      const int64_t length =
          std::max<int64_t>(0, static_cast<int64_t>(response.body.size()) + response.length_shift);
      out.append("Content-Length: ").append(std::to_string(length)).append("\r\n");
      if (response.length_shift != 0) connection->close_after = true;
    }
    out.append(connection->close_after ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
    if (!head_only && !bodiless) {
      std::string_view body = response.body;
      if (response.reset_after >= 0) {
        body = body.substr(0, std::min(body.size(), static_cast<size_t>(response.reset_after)));
        connection->reset_after = true;
        response.more = nullptr;
      }
      if (!chunked) {
        out.append(body);
      } else {
        for (size_t at = 0; at < body.size(); at += 8192) AppendChunk(body.substr(at, 8192), &out);
        if (response.more == nullptr && !connection->reset_after) out.append("0\r\n\r\n");
        connection->more = std::move(response.more);
        connection->more_chunked = true;
        connection->more_interval_ms = response.more_interval_ms;
      }
    }
  }
  if (response.delay_ms > 0) Hold(connection, response.delay_ms);
}

void HttpServer::Hold(Connection* connection, int milliseconds) {
  connection->waiting = true;
  timers_.push({MonotonicMicroseconds() + static_cast<int64_t>(milliseconds) * 1000, connection->number});
}

void HttpServer::RunTimers() {
  while (!timers_.empty() && timers_.top().due <= MonotonicMicroseconds()) {
    const uint64_t number = timers_.top().connection;
    timers_.pop();
    const auto found = connections_.find(number);
    if (found == connections_.end()) continue;
    found->second->waiting = false;
    Progress(found->second.get());
  }
}

void HttpServer::PullMore(Connection* connection) {
  std::string piece;
  const bool goes_on = connection->more(&piece);
  if (connection->more_chunked) {
    AppendChunk(piece, &connection->out);
    if (!goes_on) connection->out.append("0\r\n\r\n");
  } else {
    connection->out.append(piece);
  }
  if (!goes_on) {
    connection->more = nullptr;
  } else if (connection->more_interval_ms > 0) {
    Hold(connection, connection->more_interval_ms);
  }
}

// Sends what it can and takes the next request once the last answer is out. May close (and free) the
// connection.
void HttpServer::Progress(Connection* connection) {
  // So many rounds, then the others have their turn: an endless answer to a fast reader must not hold the
  // loop.
  for (int round = 0; round < 16 && !connection->waiting; ++round) {
    if (!Flush(connection)) return;
    if (!connection->out.empty()) break;
    if (connection->more != nullptr) {
      PullMore(connection);
      if (connection->waiting && !connection->out.empty() && !Flush(connection)) return;
      continue;
    }
    if (connection->reset_after) return Close(connection, true);
    if (connection->close_after && connection->requests > 0) return Close(connection, false);
    Request request;
    if (!TakeRequest(connection, &request)) break;
    const uint64_t number = connection->number;
    Answer(connection, request);
    if (connections_.find(number) == connections_.end()) return;
  }
  Watch(connection);
}

// False: the connection is gone.
bool HttpServer::Flush(Connection* connection) {
  while (connection->out_at < connection->out.size()) {
    const size_t left = connection->out.size() - connection->out_at;
    const ssize_t sent = send(connection->fd, connection->out.data() + connection->out_at,
                              std::min(left, kOutAtOnce), MSG_NOSIGNAL);
    if (sent > 0) {
      connection->out_at += static_cast<size_t>(sent);
      bytes_sent_ += static_cast<uint64_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return true;
    } else if (errno != EINTR) {
      Close(connection, false);
      return false;
    }
  }
  connection->out.clear();
  connection->out_at = 0;
  return true;
}

void HttpServer::Watch(Connection* connection) {
  const bool wants = !connection->waiting && (!connection->out.empty() || connection->more != nullptr ||
                                              connection->in.find("\r\n\r\n") != std::string::npos);
  if (wants == connection->wants_write) return;
  connection->wants_write = wants;
  epoll_event event{};
  event.events = EPOLLIN | (wants ? EPOLLOUT : 0U);
  event.data.u64 = connection->number;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection->fd, &event);
}

void HttpServer::Close(Connection* connection, bool reset) {
  if (reset) {
    const linger hard{1, 0};
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  } else {
    shutdown(connection->fd, SHUT_WR);
  }
  close(connection->fd);
  const uint64_t number = connection->number;
  connections_.erase(number);
  on_close_(number);
}

}  // namespace fangzhi::portal
