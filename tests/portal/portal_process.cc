#include "portal_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace fangzhi::portal {
namespace {

constexpr int kStartMilliseconds = 20000;
constexpr int kAnswerSeconds = 20;

std::string JoinChunks(std::string_view text, bool* complete) {
  std::string body;
  *complete = false;
  while (true) {
    const size_t line = text.find("\r\n");
    if (line == std::string_view::npos) return body;
    const size_t size = std::strtoul(std::string(text.substr(0, line)).c_str(), nullptr, 16);
    if (size == 0) {
      *complete = true;
      return body;
    }
    if (text.size() < line + 2 + size + 2) return body.append(text.substr(line + 2));
    body.append(text.substr(line + 2, size));
    text.remove_prefix(line + 2 + size + 2);
  }
}

Answer Parse(std::string_view text) {
  Answer answer;
  const size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos || text.size() < 12) return answer;
  answer.status = std::atoi(std::string(text.substr(9, 3)).c_str());
  const std::string_view head = text.substr(0, head_end);
  for (size_t from = head.find("\r\n"); from != std::string_view::npos && from < head.size();) {
    from += 2;
    const size_t end = std::min(head.find("\r\n", from), head.size());
    const std::string_view line = head.substr(from, end - from);
    const size_t colon = line.find(": ");
    if (colon != std::string_view::npos) {
      std::string name(line.substr(0, colon));
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      answer.headers[name] = line.substr(colon + 2);
    }
    from = end;
  }
  const std::string_view rest = text.substr(head_end + 4);
  if (answer.headers.count("transfer-encoding") != 0) {
    answer.body = JoinChunks(rest, &answer.complete);
  } else {
    answer.body = rest;
    const auto length = answer.headers.find("content-length");
    answer.complete = length == answer.headers.end() || std::to_string(rest.size()) == length->second;
  }
  return answer;
}

}  // namespace

PortalProcess::PortalProcess(const std::string& program, const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe(ends) != 0) return;
  pid_ = fork();
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    std::vector<char*> list{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) list.push_back(const_cast<char*>(argument.c_str()));
    list.push_back(nullptr);
    execv(program.c_str(), list.data());
    _exit(127);
  }
  close(ends[1]);
  std::string line;
  pollfd wait{ends[0], POLLIN, 0};
  while (line.find('\n') == std::string::npos && poll(&wait, 1, kStartMilliseconds) == 1) {
    char buffer[256];
    const ssize_t got = read(ends[0], buffer, sizeof buffer);
    if (got <= 0) break;
    line.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  const size_t at = line.find("http://");
  const size_t end = line.rfind('/');
  if (at == std::string::npos || end <= at + 7) return;
  base_ = line.substr(at, end - at);
  port_ = std::atoi(base_.c_str() + base_.rfind(':') + 1);
}

PortalProcess::~PortalProcess() {
  if (pid_ > 0) Stop();
}

int PortalProcess::Stop() {
  if (pid_ <= 0) return -1;
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Answer PortalProcess::Get(const std::string& target, const std::string& headers,
                          const std::string& host) const {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return {};
  timeval limit{kAnswerSeconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(port_));
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  if (connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0) {
    const std::string request = "GET " + target +
                                " HTTP/1.1\r\nHost: " + (host.empty() ? base_.substr(7) : host) +
                                "\r\nConnection: close\r\n" + headers + "\r\n";
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
      char buffer[65536];
      ssize_t got = 0;
      while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0) {
        text.append(buffer, static_cast<size_t>(got));
        // Enough of an endless page.
        if (text.size() > (32U << 20)) break;
      }
    }
  }
  close(fd);
  return Parse(text);
}

}  // namespace fangzhi::portal
