#include "cli/live_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"
#include "base/strings.h"
#include "cli/arguments.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "crawl/crawl.h"

namespace fangzhi::cli {
namespace {

constexpr size_t kLongestRequest = 64 * 1024;
// A peer that neither sends nor reads for so long is dropped: only so many are answered at a time.
constexpr int kPatienceSeconds = 30;
constexpr int kThreads = 4;

// A Unix socket's path is at most 107 bytes, an archive's may be longer: the directory is opened and reached through /proc.
struct SocketPath {
  int directory = -1;
  sockaddr_un address{};
  ~SocketPath() {
    if (directory >= 0) ::close(directory);
  }
  bool Set(const std::string& archive_directory) {
    directory = ::open((archive_directory + "/run").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return false;
    address.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(directory) + "/fangzhi.sock";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return true;
  }
};

bool SendAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// Sends data in pieces as it comes; after the peer has gone, swallows the rest.
class SocketOutput final : public Output {
 public:
  explicit SocketOutput(int descriptor) : descriptor_(descriptor) {}
  void Data(std::string_view bytes) override {
    buffer_.append(bytes);
    constexpr size_t kPiece = 64 * 1024;
    if (buffer_.size() >= kPiece) Flush();
  }
  void Talk(std::string_view line) override {
    Flush();
    Send({{"err", line}});
  }
  // A peer sends nothing after its request: what can be read then is its end, or ours where the process that answers stops.
  bool Wanted() override {
    char byte;
    if (::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) alive_ = false;
    return alive_;
  }
  void Finish(int status) {
    Flush();
    Send({{"status", status}});
  }

 private:
  void Flush() {
    // Payloads are bytes, not text: base64 keeps them whole.
    if (!buffer_.empty()) Send({{"out", Base64(buffer_)}});
    buffer_.clear();
  }
  void Send(const model::Json& json) { alive_ = alive_ && SendAll(descriptor_, model::Dump(json) + "\n"); }

  int descriptor_;
  std::string buffer_;
  bool alive_ = true;
};

void SetPatience(int descriptor) {
  const timeval patience{kPatienceSeconds, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

}  // namespace

struct LiveReaderServer::Impl {
  SocketPath path;
  int listener = -1;
  const store::Archive* archive = nullptr;
  Control control;
  Mutex mutex;
  std::set<int> connections FZ_GUARDED_BY(mutex);
  std::vector<std::jthread> threads;

  ~Impl() {
    for (std::jthread& thread : threads) thread.request_stop();
    {
      // A peer that does not read must not hold up the end.
      MutexLock lock(mutex);
      for (const int connection : connections) ::shutdown(connection, SHUT_RDWR);
    }
    threads.clear();
    if (listener >= 0) {
      ::close(listener);
      ::unlink(path.address.sun_path);
    }
  }

  void Answer(int connection) const {
    SetPatience(connection);
    std::string request;
    char piece[4096];
    while (request.find('\n') == std::string::npos && request.size() < kLongestRequest) {
      const ssize_t got = ::recv(connection, piece, sizeof piece, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return;
      request.append(piece, static_cast<size_t>(got));
    }
    SocketOutput output(connection);
    std::vector<std::string> words;
    if (const auto json = model::ParseJson(request); json && json->is_array()) {
      for (const auto& word : *json) {
        if (word.is_string()) words.push_back(word.get<std::string>());
      }
    }
    const Parsed parsed = ParseArguments(words);
    if (!parsed.exit && control) {
      if (const auto status = control(parsed.arguments, output)) {
        output.Finish(*status);
        return;
      }
    }
    if (parsed.exit || !IsReadCommand(parsed.arguments.command)) {
      output.Talk("the process that has this archive open does not answer that command");
      output.Finish(kWrongUsage);
      return;
    }
    output.Finish(ReadCommand(parsed.arguments, *archive, output));
  }

  void Serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener, POLLIN, 0};
      if (::poll(&waiting, 1, 200) <= 0) continue;
      const int connection = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;  // another thread had it
      {
        MutexLock lock(mutex);
        connections.insert(connection);
      }
      try {
        Answer(connection);
      } catch (const std::exception& problem) {
        Log(LogLevel::kError, "cli", "live_reader", {{"error", Escaped(problem.what())}});
      }
      MutexLock lock(mutex);
      connections.erase(connection);
      ::close(connection);
    }
  }
};

LiveReaderServer::LiveReaderServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiveReaderServer::~LiveReaderServer() = default;

Result<std::unique_ptr<LiveReaderServer>> LiveReaderServer::Start(const std::string& archive_directory, const store::Archive& archive,
                                                                 Control control) {
  auto impl = std::make_unique<Impl>();
  impl->archive = &archive;
  impl->control = std::move(control);
  if (!impl->path.Set(archive_directory)) return Fail(ErrnoError("cannot open", archive_directory + "/run", errno));
  // The archive's lock is ours, so a socket that lies there is a dead process's.
  ::unlink(impl->path.address.sun_path);
  impl->listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (impl->listener < 0) return Fail(ErrnoError("cannot make a socket", archive_directory, errno));
  const mode_t mask = ::umask(0177);
  const int bound = ::bind(impl->listener, reinterpret_cast<const sockaddr*>(&impl->path.address), sizeof impl->path.address);
  const int error_number = errno;
  ::umask(mask);
  if (bound != 0 || ::listen(impl->listener, 16) != 0) {
    return Fail(ErrnoError("cannot listen", archive_directory + "/run/fangzhi.sock", bound != 0 ? error_number : errno));
  }
  Impl* raw = impl.get();
  for (int i = 0; i < kThreads; ++i) impl->threads.emplace_back([raw](const std::stop_token& stop) { raw->Serve(stop); });
  return std::unique_ptr<LiveReaderServer>(new LiveReaderServer(std::move(impl)));
}

namespace {

// A connection to the process that holds the archive; -1 when no one listens there.
int Connect(const std::string& archive_directory) {
  SocketPath path;
  if (!path.Set(archive_directory)) return -1;
  const int connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0) return -1;
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&path.address), sizeof path.address) == 0) return connection;
  ::close(connection);
  return -1;
}

}  // namespace

Result<std::unique_ptr<store::Archive>> OpenWhenFree(const std::string& archive_directory, const config::Settings& settings, bool create,
                                                     const Clock* clock) {
  constexpr std::chrono::seconds kPatience{10};
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    auto archive = crawl::OpenArchive(archive_directory, settings, create, clock);
    if (archive || archive.error().kind != ErrorKind::kConflict || std::chrono::steady_clock::now() >= deadline) return archive;
    if (const int connection = Connect(archive_directory); connection >= 0) {
      ::close(connection);
      return archive;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

std::optional<int> ForwardToLiveReader(const std::string& archive_directory, const std::vector<std::string>& words, Output& output) {
  const int connection = Connect(archive_directory);
  if (connection < 0) return std::nullopt;
  model::Json request = model::Json::array();
  for (const std::string& word : words) request.push_back(word);
  std::optional<int> status;
  bool told = false;
  std::string received;
  if (SendAll(connection, model::Dump(request) + "\n")) {
    char piece[65536];
    while (!status) {
      const ssize_t got = ::recv(connection, piece, sizeof piece, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      received.append(piece, static_cast<size_t>(got));
      size_t begin = 0;
      for (size_t end = received.find('\n'); end != std::string::npos; end = received.find('\n', begin)) {
        const auto json = model::ParseJson(std::string_view(received).substr(begin, end - begin));
        begin = end + 1;
        if (!json) continue;
        told = told || json->contains("out") || json->contains("err");
        if (const auto out = model::GetOptionalString(*json, "out")) output.Data(FromBase64(*out).value_or(""));
        if (const auto err = model::GetOptionalString(*json, "err")) output.Talk(*err);
        if (json->contains("status")) status = static_cast<int>(model::GetInt(*json, "status", kFailed));
      }
      received.erase(0, begin);
    }
  }
  ::close(connection);
  // It ended before it had said anything: then the archive is asked as if it had ended a moment earlier.
  if (!status && !told) return std::nullopt;
  if (!status) {
    output.Talk(archive_directory + ": the running process broke off its answer");
    return kFailed;
  }
  return status;
}

}  // namespace fangzhi::cli
