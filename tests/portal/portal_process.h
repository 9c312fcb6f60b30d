// Runs fangzhi-portal as a child for a test and asks it by plain sockets, without any code of the crawler.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::portal {

struct Answer {
  int status = 0;                              // 0: no answer (refused, reset, broken)
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // chunks joined; a content coding stays on
  bool complete = false;                       // as long as its head said
};

class PortalProcess {
 public:
  // Waits for the line with the address; on failure base() is empty.
  explicit PortalProcess(const std::string& program, const std::vector<std::string>& arguments);
  ~PortalProcess();
  PortalProcess(const PortalProcess&) = delete;
  PortalProcess& operator=(const PortalProcess&) = delete;

  // http://127.0.0.1:PORT, without a final slash.
  const std::string& base() const { return base_; }
  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  // `headers`: lines, each with its CRLF. `host` overrides the Host header.
  Answer Get(const std::string& target, const std::string& headers = {}, const std::string& host = {}) const;
  // SIGTERM and its exit status; -1: it did not end by itself.
  int Stop();

 private:
  pid_t pid_ = -1;
  int port_ = 0;
  std::string base_;
};

}  // namespace fangzhi::portal
