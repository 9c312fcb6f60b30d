#include "serve/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/strings.h"

namespace fangzhi::serve {
namespace {

class HttpServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = HttpServer::Start("127.0.0.1:0", [this](const HttpRequest& request) -> HttpAnswer {
      if (request.path == "/throw") throw std::runtime_error("secret detail");
      if (request.path == "/large") {
        ++large_;
        return {200, "text/plain", std::string(size_t{16} << 20, 'x')};
      }
      while (request.path == "/wait" && !release_) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      return {200, "text/plain", request.method + " " + request.path + " " + (request.parameters.contains("q") ? request.parameters.at("q") : "-")};
    });
    ASSERT_TRUE(server) << server.error().ToString();
    server_ = std::move(*server);
    const std::string& address = server_->address();
    port_ = static_cast<uint16_t>(*ParseUint(address.substr(address.rfind(':') + 1, address.size() - address.rfind(':') - 2)));
  }
  int Connect() const {
    const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::connect(connection, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    return connection;
  }
  std::string Ask(const std::string& request) const {
    const int connection = Connect();
    size_t sent = 0;
    while (sent < request.size()) {
      const ssize_t wrote = ::send(connection, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (wrote <= 0) break;
      sent += static_cast<size_t>(wrote);
    }
    return Read(connection);
  }
  static std::string Read(int connection) {
    std::string answer;
    char piece[4096];
    for (ssize_t got; (got = ::recv(connection, piece, sizeof piece, 0)) > 0;) answer.append(piece, static_cast<size_t>(got));
    ::close(connection);
    return answer;
  }
  std::string Get(const std::string& target, const std::string& more = "Host: localhost\r\n") const {
    return Ask("GET " + target + " HTTP/1.1\r\n" + more + "Connection: close\r\n\r\n");
  }

  std::atomic<bool> release_{false};
  std::atomic<int> large_{0};
  std::unique_ptr<HttpServer> server_;
  uint16_t port_ = 0;
};

TEST_F(HttpServerTest, AnswersWithTheFieldsThatProtectABrowser) {
  const std::string answer = Get("/a?q=x%20y");
  EXPECT_NE(answer.find("HTTP/1.1 200"), std::string::npos) << answer;
  EXPECT_NE(answer.find("GET /a x y"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Content-Security-Policy: default-src 'none'"), std::string::npos);
  EXPECT_NE(answer.find("X-Content-Type-Options: nosniff"), std::string::npos);
  const std::string head = Ask("HEAD /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_NE(head.find("HTTP/1.1 200"), std::string::npos) << head;
  EXPECT_EQ(head.find("loopback"), std::string::npos) << "no body to HEAD";
}

TEST_F(HttpServerTest, AnotherNameIsNotAnswered) {
  EXPECT_NE(Get("/", "Host: evil.example\r\n").find("HTTP/1.1 421"), std::string::npos);
  EXPECT_NE(Get("/", "").find("HTTP/1.1 421"), std::string::npos);
  EXPECT_NE(Get("/", "Host: 127.0.0.1:80\r\n").find("HTTP/1.1 200"), std::string::npos);
  EXPECT_NE(Get("/", "Host: [::1]:80\r\n").find("HTTP/1.1 200"), std::string::npos);
  EXPECT_NE(Get("/", "Host: 127.evil.example\r\n").find("HTTP/1.1 421"), std::string::npos);
}

TEST_F(HttpServerTest, WhatAHandlerThrowsStaysInside) {
  const std::string answer = Get("/throw");
  EXPECT_NE(answer.find("HTTP/1.1 500"), std::string::npos);
  EXPECT_EQ(answer.find("secret"), std::string::npos);
  EXPECT_NE(Get("/").find("200"), std::string::npos);
}

TEST_F(HttpServerTest, HostileRequestsDoNoHarm) {
  for (const std::string& request :
       {std::string("\0\0\0\0\r\n\r\n", 8), "GET " + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nRange: bytes=" + std::string(7000, '1') + "-" + std::string(1000, ',') + "\r\nConnection: close\r\n\r\n",
        "POST /" + std::string(5000, 'x') + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
        std::string("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\nabc"),
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n" + std::string(200'000, 'x'),
        std::string("GET /%00%ff%zz?%=&&&=%0d%0a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        std::string("DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")}) {
    Ask(request);
    EXPECT_NE(Get("/").find("HTTP/1.1 200"), std::string::npos) << request.substr(0, 60);
  }
}

// What is not whole holds no thread: those who say nothing, who stop within a request, who go on a byte at a time, who send no body.
TEST_F(HttpServerTest, ConnectionsThatAreSlowHoldNoOneUp) {
  using std::chrono::steady_clock;
  std::vector<int> slow;
  const char* const kBegun[] = {"", "GET /", "GET / HTTP/1.1\r\nHost: local", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nab"};
  for (int i = 0; i < 400; ++i) {  // more than are kept waiting
    slow.push_back(Connect());
    const std::string_view begun = kBegun[i < 4 ? 3 : i % 3];  // who sends a body is answered, and waited for a moment
    ::send(slow.back(), begun.data(), begun.size(), MSG_NOSIGNAL);
  }
  for (int i = 0; i < 3; ++i) {
    for (const char* path : {"/healthz", "/metrics", "/"}) {
      const auto began = steady_clock::now();
      EXPECT_NE(Get(path).find("HTTP/1.1 200"), std::string::npos) << path;
      EXPECT_LT(steady_clock::now() - began, std::chrono::seconds(3)) << path;
    }
    for (const int connection : slow) ::send(connection, "x", 1, MSG_NOSIGNAL);
  }
  for (const int connection : slow) ::close(connection);
}

TEST_F(HttpServerTest, WhatAMonitorAsksForIsAnsweredWhileEveryThreadIsBusy) {
  std::vector<int> busy;
  for (int i = 0; i < 300; ++i) {
    busy.push_back(Connect());
    const std::string request = "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n";
    ::send(busy.back(), request.data(), request.size(), MSG_NOSIGNAL);
  }
  for (const char* path : {"/healthz", "/metrics?x=1"}) EXPECT_NE(Get(path).find("HTTP/1.1 200"), std::string::npos) << path;
  release_ = true;
  for (const int connection : busy) ::close(connection);
}

TEST_F(HttpServerTest, ARequestIsTakenInPiecesAndItsBodyIsNotWaitedFor) {
  const int connection = Connect();
  for (const std::string_view piece : {"GET /a?q=", "1 HTTP/1.1\r\nHost: localhost\r\n\r", "\n"}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ::send(connection, piece.data(), piece.size(), MSG_NOSIGNAL);
  }
  EXPECT_NE(Read(connection).find("GET /a 1"), std::string::npos);
  for (const char* rest : {"\r\n", "Content-Length: 0\r\n\r\n", "Content-Length: 5\r\n\r\nab", "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                           "Transfer-Encoding: chunked\r\n\r\n"}) {
    EXPECT_NE(Ask(std::string("POST /a HTTP/1.1\r\nHost: localhost\r\n") + rest).find("POST /a -"), std::string::npos) << rest;
  }
}

// Also what the library says by itself is JSON.
TEST_F(HttpServerTest, AStopWaitsForNobodyWhoDoesNotRead) {
  std::vector<int> connections;
  // Every thread is busy with one that takes nothing of its answer, and as many again wait.
  for (int i = 0; i < 12; ++i) {
    connections.push_back(Connect());
    const std::string request = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
    ASSERT_GT(::send(connections.back(), request.data(), request.size(), MSG_NOSIGNAL), 0);
  }
  while (large_ < 4) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto began = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
  EXPECT_EQ(large_, 4);  // who waited was not answered any more
  for (const int connection : connections) ::close(connection);
}

TEST_F(HttpServerTest, WhatIsNoRequestIsAnsweredInTheSameForm) {
  const std::string answer = Ask("PARDON / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(answer.find("HTTP/1.1 400"), std::string::npos) << answer;
  EXPECT_NE(answer.find("application/json"), std::string::npos) << answer;
  EXPECT_NE(answer.find("{\"error\":"), std::string::npos) << answer;
}

TEST(HttpServer, AddressesThatCannotBeHad) {
  for (const char* listen : {"", "localhost", "localhost:x", "localhost:70000", "::1:80", ":80", "http://localhost:80"}) {
    EXPECT_FALSE(HttpServer::Start(listen, nullptr)) << listen;
  }
  auto first = HttpServer::Start("127.0.0.1:0", [](const HttpRequest&) { return HttpAnswer{}; });
  ASSERT_TRUE(first);
  const std::string taken = (*first)->address().substr(7, (*first)->address().size() - 8);
  EXPECT_FALSE(HttpServer::Start(taken, nullptr)) << "two servers must not share " << taken;
}

}  // namespace
}  // namespace fangzhi::serve
