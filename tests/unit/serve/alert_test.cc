#include "serve/alert.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "base/files.h"
#include "serve/config_watch.h"

namespace fangzhi::serve {
namespace {

using report::Finding;
using report::Grade;
using report::RunRecord;
using std::chrono::milliseconds;

RunRecord Record(Grade grade, bool drift = false, bool stopped = false) {
  RunRecord record;
  record.facts.site = "demo";
  record.facts.stopped = stopped;
  record.grade = grade;
  if (grade != Grade::kComplete) record.findings.push_back({grade, "kind", "text", "advice", drift});
  return record;
}

TEST(Alert, WhenASiteGetsWorseNotWhileItStaysSo) {
  const RunRecord good = Record(Grade::kComplete), bad = Record(Grade::kPartial), middling = Record(Grade::kDegraded);
  EXPECT_FALSE(IsWorthAnAlert(good, nullptr));
  EXPECT_TRUE(IsWorthAnAlert(bad, nullptr));
  EXPECT_TRUE(IsWorthAnAlert(bad, &good));
  EXPECT_TRUE(IsWorthAnAlert(bad, &middling));
  EXPECT_FALSE(IsWorthAnAlert(bad, &bad));
  EXPECT_FALSE(IsWorthAnAlert(good, &bad));
  const RunRecord drifting = Record(Grade::kDegraded, true);
  EXPECT_TRUE(IsWorthAnAlert(drifting, &bad)) << "a drift is news even after worse";
  EXPECT_FALSE(IsWorthAnAlert(drifting, &drifting));
  const RunRecord stopped = Record(Grade::kPartial, false, true);
  EXPECT_FALSE(IsWorthAnAlert(stopped, &good));
  EXPECT_TRUE(IsWorthAnAlert(bad, &stopped));
}

// A limit that an administrator chose is told in every run; a seed that is lost beside it is news all the same.
TEST(Alert, WhatStaysWrongHidesNothingNew) {
  const auto with = [](std::vector<report::Finding> findings) {
    RunRecord record = Record(Grade::kComplete);
    for (const report::Finding& finding : findings) record.grade = std::max(record.grade, finding.grade);
    record.findings = std::move(findings);
    return record;
  };
  const report::Finding chosen{Grade::kPartial, "max_depth", "2 links", "", false}, more{Grade::kPartial, "max_depth", "5 links", "", false};
  const report::Finding waf{Grade::kPartial, "blocked", "blocked: waf:aliyun on 3 pages, as http://a.example/", "", false};
  const report::Finding waf_elsewhere{Grade::kPartial, "blocked", "blocked: waf:aliyun on 1 page, as http://a.example/2", "", false};
  const report::Finding captcha{Grade::kPartial, "blocked", "blocked: captcha on 3 pages, as http://a.example/", "", false};
  const report::Finding silent{Grade::kPartial, "host_given_up", "a.example: gave no answer", "", false}, other{Grade::kPartial, "host_given_up", "b.example: gave no answer", "", false};
  const report::Finding waits{Grade::kPartial, "left", "3 or more pages wait", "", false}, fewer{Grade::kDegraded, "failures", "30 of 40", "", false};
  const RunRecord usual = with({chosen}), blocked = with({chosen, waf});
  EXPECT_FALSE(IsWorthAnAlert(with({more}), &usual));
  EXPECT_TRUE(IsWorthAnAlert(blocked, &usual));
  EXPECT_FALSE(IsWorthAnAlert(with({chosen, waf_elsewhere}), &blocked));
  EXPECT_TRUE(IsWorthAnAlert(with({chosen, captcha}), &blocked));
  EXPECT_TRUE(IsWorthAnAlert(with({chosen, silent}), &usual));
  const RunRecord given_up = with({chosen, silent});
  EXPECT_TRUE(IsWorthAnAlert(with({chosen, other}), &given_up));
  EXPECT_TRUE(IsWorthAnAlert(with({chosen, fewer}), &usual));
  EXPECT_FALSE(IsWorthAnAlert(with({chosen, waits}), &usual));
  EXPECT_FALSE(IsWorthAnAlert(usual, &blocked));
  RunRecord lost = with({chosen, {Grade::kPartial, "seed_missed", "1 of 3 seeds not read", "", false}});
  lost.facts.coverage.seeds_missed = {{"http://a.example/b/", "http_500"}};
  RunRecord another = lost;
  another.facts.coverage.seeds_missed = {{"http://a.example/c/", "http_500"}};
  EXPECT_FALSE(IsWorthAnAlert(lost, &lost));
  EXPECT_TRUE(IsWorthAnAlert(another, &lost));
}

class Directory : public testing::Test {
 protected:
  Directory() {
    char name[] = "/tmp/fangzhi-serve-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~Directory() override { std::filesystem::remove_all(directory_); }
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(directory_ + "/sites");
    ASSERT_TRUE(WriteFileAtomically(directory_ + "/" + name, text));
  }
  std::string directory_;
};

using Hook = Directory;

TEST_F(Hook, GetsTheTextWithoutAShell) {
  // Longer than a pipe holds; the quote and the semicolon would mean something to a shell.
  const std::string text = std::string(300'000, 'x') + "'; rm -rf /\n";
  const std::string out = directory_ + "/a b;c";
  ASSERT_TRUE(RunHook({"dd", "status=none", "of=" + out}, text, milliseconds(20'000)));
  EXPECT_EQ(*ReadFile(out), text);
}

TEST_F(Hook, FailuresAreTold) {
  EXPECT_FALSE(RunHook({"/nowhere/to-be-found"}, "x", milliseconds(5000)));
  const auto failed = RunHook({"false"}, "x", milliseconds(5000));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "ended with status 1");
  const auto late = RunHook({"sleep", "30"}, "x", milliseconds(300));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
  EXPECT_TRUE(RunHook({"true"}, std::string(1'000'000, 'x'), milliseconds(5000))) << "need not read what it gets";
}

TEST_F(Hook, WhatTheHookStartedEndsWithIt) {
  const std::string mark = directory_ + "/alive";
  const auto late = RunHook({"sh", "-c", "(sleep 1; touch " + mark + ") & sleep 60"}, "x", milliseconds(200));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
  std::this_thread::sleep_for(milliseconds(1500));
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(Hook, AStopDoesNotWaitForIt) {
  std::stop_source stop;
  std::jthread later([&stop] {
    std::this_thread::sleep_for(milliseconds(100));
    stop.request_stop();
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(RunHook({"sleep", "60"}, "x", milliseconds(60'000), stop.get_token()));
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(10'000));
}

// Answers every connection with one text, or with nothing at all; keeps what it was sent.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    socklen_t length = sizeof address;
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/hook";
    thread_ = std::jthread([this](const std::stop_token& stop) { Serve(stop); });
  }
  ~OneAnswer() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  const std::string& url() const { return url_; }
  // After the answer was had.
  const std::string& received() const { return received_; }

 private:
  void Serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      char buffer[65536];
      // The head and the body, which may come apart.
      while (!stop.stop_requested() && received_.find("\"kind\"") == std::string::npos) {
        pollfd readable{connection, POLLIN, 0};
        if (::poll(&readable, 1, 50) <= 0) continue;
        const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
        if (count <= 0) break;
        received_.append(buffer, static_cast<size_t>(count));
      }
      if (answer_.empty()) {
        while (!stop.stop_requested()) std::this_thread::sleep_for(milliseconds(20));
      } else {
        ::send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      }
      ::close(connection);
    }
  }

  std::string answer_, url_, received_;
  int listener_ = -1;
  std::jthread thread_;
};

// Of a site whose name and addresses are hostile.
std::string HostileAlert() {
  RunRecord record = Record(Grade::kPartial);
  record.facts.name = "\"},\r\nX-Injected: 1\r\n\r\n<script>\x1b[2J\xff\xfe";
  record.findings[0].text = "http://a.example/\"\\\n\x01</script>";
  return AlertText(record, nullptr);
}

TEST(AlertText, IsOneLineOfJsonWhateverASiteIsCalled) {
  const std::string text = HostileAlert();
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  const auto json = model::ParseJson(text);
  ASSERT_TRUE(json);
  EXPECT_EQ(model::GetString(*json, "site"), "demo");
  EXPECT_EQ(model::GetString((*json)["findings"][0], "text"), "http://a.example/\"\\\n\x01</script>");
}

TEST(Webhook, IsPosted) {
  OneAnswer server("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  const std::string text = HostileAlert();
  const auto sent = PostWebhook(server.url(), text, milliseconds(20'000), "fangzhi-test", {});
  EXPECT_TRUE(sent) << sent.error().ToString();
  EXPECT_EQ(server.received().rfind("POST /hook HTTP/1.1\r\n", 0), 0u);
  const size_t body = server.received().find("\r\n\r\n");
  EXPECT_EQ(server.received().substr(body + 4), text);
  EXPECT_EQ(server.received().substr(0, body).find("X-Injected"), std::string::npos);
}

TEST(Webhook, WhatGoesWrongIsToldInTime) {
  {
    OneAnswer ill("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    const auto sent = PostWebhook(ill.url(), HostileAlert(), milliseconds(20'000), "fangzhi-test", {});
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().message, "answered 500");
  }
  {
    OneAnswer silent("");
    const auto began = std::chrono::steady_clock::now();
    const auto sent = PostWebhook(silent.url(), HostileAlert(), milliseconds(500), "fangzhi-test", {});
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().kind, ErrorKind::kNetwork);
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(15'000));
  }
  {
    OneAnswer silent("");
    std::stop_source stop;
    std::jthread later([&stop] {
      std::this_thread::sleep_for(milliseconds(100));
      stop.request_stop();
    });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_FALSE(PostWebhook(silent.url(), HostileAlert(), milliseconds(60'000), "fangzhi-test", stop.get_token()));
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(15'000)) << "a stop does not wait for it";
  }
  EXPECT_FALSE(PostWebhook("http://127.0.0.1:1/", HostileAlert(), milliseconds(5'000), "fangzhi-test", {})) << "nobody listens";
}

using Watch = Directory;

TEST_F(Watch, AChangeIsReportedOnceAndWhenItHoldsStill) {
  Write("fangzhi.toml", "a");
  Write("sites/a.toml", "1");
  ConfigWatch watch(directory_);
  EXPECT_FALSE(watch.Changed());
  Write("sites/a.toml", "22");
  EXPECT_FALSE(watch.Changed()) << "not before it held still between two looks";
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
  Write("sites/b.toml", "3");
  EXPECT_FALSE(watch.Changed());
  Write("sites/b.toml", "333");
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
  std::filesystem::remove(directory_ + "/sites/a.toml");
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
  Write("sites/.b.toml.swp", "what editors leave");
  EXPECT_FALSE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

}  // namespace
}  // namespace fangzhi::serve
