// A small HTTP/1.1 server over cpp-httplib, which nothing else includes. Requests are dispatched by exact path: no pattern of a library's
// sees what a stranger sends. Bounded: threads, waiting connections, sizes, times. A request's body is not read, and a connection carries one request.
// /healthz and /metrics have a thread of their own, and connections that are slow hold up nobody.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"

namespace fangzhi::serve {

struct HttpRequest {
  std::string method, path;
  std::map<std::string, std::string> parameters;  // of the query, the first of each name
};
struct HttpAnswer {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
};

class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;
  // `listen` is "HOST:PORT", "[IPv6]:PORT"; port 0 takes any. `handler` is called from several threads; what it throws becomes a 500. kIo when
  // the address cannot be had, kInvalidInput when it is none.
  static Result<std::unique_ptr<HttpServer>> Start(const std::string& listen, Handler handler);
  ~HttpServer();  // stops: who is being answered is cut off; waits only for calls of `handler` that are under way
  const std::string& address() const;  // "http://127.0.0.1:8417/"

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fangzhi::serve
