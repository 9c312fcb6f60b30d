#include "fetch/transfer.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/tls.h"
#include "base/limits.h"
#include "base/strings.h"
#include "fetch/address.h"
#include "http/http.h"

namespace fangzhi::fetch {
namespace {

using model::Capture;
using model::FetchOutcome;
using model::Truncation;

// What browsers in China send, less what does not concern us. Content codings are asked for by hand: told to
// libcurl, they would be removed from the body, and the archive keeps them.
constexpr const char* kOwnFields[] = {
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: zh-CN,zh;q=0.9,en;q=0.5", "Accept-Encoding: gzip, deflate, br",
    "Expect:",  // no 100-continue: old servers answer it with 417 or not at all
};

// As libcurl's list; shared by all transfers, which only read it.
const std::vector<curl_slist>& OwnFields() {
  static const std::vector<curl_slist> list = [] {
    std::vector<curl_slist> nodes(std::size(kOwnFields));
    for (size_t i = 0; i < nodes.size(); ++i) {
      nodes[i].data = const_cast<char*>(kOwnFields[i]);
      nodes[i].next = i + 1 < nodes.size() ? &nodes[i + 1] : nullptr;
    }
    return nodes;
  }();
  return list;
}

// The body's buffer is reserved from Content-Length only so far: a promise from outside.
constexpr curl_off_t kMaxReservedBytes = curl_off_t{1} << 20;

// How much longer than its timeout a transfer may take that waits for room.
constexpr std::chrono::minutes kLongestPause{5};

bool IsToken(std::string_view text) {
  if (text.empty()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool IsFieldValue(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Verb VerbOf(const std::string& method, bool has_body) {
  if (method == "POST") return Verb::kPost;
  if (has_body) return Verb::kOther;
  if (method == "GET") return Verb::kGet;
  if (method == "HEAD") return Verb::kHead;
  return Verb::kOther;
}

bool HasLocalEnd(int descriptor, std::string_view address, int port) {
  sockaddr_storage local;
  socklen_t length = sizeof(local);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&local), &length) != 0) return false;
  int local_port = 0;
  if (local.ss_family == AF_INET) {
    local_port = ntohs(reinterpret_cast<const sockaddr_in*>(&local)->sin_port);
  } else if (local.ss_family == AF_INET6) {
    local_port = ntohs(reinterpret_cast<const sockaddr_in6*>(&local)->sin6_port);
  }
  return local_port == port &&
         SocketAddressText(reinterpret_cast<const sockaddr*>(&local), length) == address;
}

// A connection that already holds bytes before anything was asked would give them out as the answer (a body
// after a 304 or a HEAD, more bytes than Content-Length said): the archive would then hold one page under
// another's name. libcurl 7.88 takes such a connection for a live one. Closing it under libcurl's feet makes
// it send the request again on a fresh connection.
// True: closed, and nothing was sent on it.
bool CloseWhenBytesAreWaiting(int descriptor) {
  char byte;
  if (recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0) return false;
  shutdown(descriptor, SHUT_RDWR);
  char waste[16384];
  for (int i = 0; i < 1024 && recv(descriptor, waste, sizeof(waste), MSG_DONTWAIT) > 0; ++i) {
  }
  return true;
}

bool IsInterimStatusLine(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || space + 3 >= line.size()) return false;
  const std::string_view status = line.substr(space + 1, 3);
  return status[0] == '1' && status != "101";  // 101 ends HTTP on its connection: nothing else follows
}

// The connection can be looked at only while it is there.
void LookAtTls(Transfer& transfer) {
  model::Capture& capture = transfer.capture;
  if (!capture.tls_version.empty() || !EqualsIgnoreAsciiCase(std::string_view(capture.url).substr(0, 8), "https://")) return;
  curl_tlssessioninfo* session = nullptr;
  if (curl_easy_getinfo(transfer.easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || session == nullptr) return;
  TlsFacts facts = DescribeTls(session->internals);
  capture.tls_version = std::move(facts.version);
  capture.tls_cipher = std::move(facts.cipher);
  capture.tls_problem = transfer.request.tls_legacy_because;
}

// ---- libcurl's callbacks ----

extern "C" {

static CURLcode OnLegacyTls(CURL* /*easy*/, void* ssl_context, void* /*user*/) noexcept {
  AllowLegacyTls(ssl_context);
  return CURLE_OK;
}

static size_t OnHeadLine(char* data, size_t size, size_t count, void* user) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size * count);
  transfer.head_bytes += line.size();
  if (transfer.head_bytes > limits::kMaxHeadBytes) {
    transfer.head_too_long = true;
    return 0;
  }
  if (transfer.has_response())
    return line.size();  // a trailer field: part of the transfer coding, goes with it
  try {
    std::string& head = transfer.capture.response_head;
    if (transfer.head_complete || head.empty()) {
      head.clear();
      transfer.head_complete = false;
      transfer.interim = IsInterimStatusLine(line);
      LookAtTls(transfer);
    }
    head += line;
    transfer.head_complete = line == "\r\n" || line == "\n";
  } catch (...) {
    transfer.out_of_memory = true;
    return 0;
  }
  return line.size();
}

static size_t OnBody(char* data, size_t size, size_t count, void* user) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const size_t length = size * count;
  std::string& payload = transfer.capture.payload;
  const uint64_t room =
      transfer.request.max_body_bytes - std::min<uint64_t>(transfer.request.max_body_bytes, payload.size());
  try {
    if (!transfer.budget->Admits(transfer, length)) {
      transfer.paused_for = length;
      curl_easy_setopt(transfer.easy, CURLOPT_TIMEOUT_MS, static_cast<long>((transfer.request.timeout + kLongestPause).count()));
      return CURL_WRITEFUNC_PAUSE;  // libcurl keeps these bytes
    }
    if (payload.empty()) {
      curl_off_t promised = -1;
      curl_easy_getinfo(transfer.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &promised);
      if (promised > 0) payload.reserve(static_cast<size_t>(std::min(promised, kMaxReservedBytes)));
    }
    // The archive puts the head before the body, in place: a body of the largest size is in memory once.
    if (payload.size() + length > payload.capacity() && payload.size() > limits::kMaxHeadBytes) {
      payload.reserve(payload.size() + std::max(payload.size() / 2, length) + limits::kMaxHeadBytes);
    }
    payload.append(data, static_cast<size_t>(std::min<uint64_t>(length, room)));
  } catch (...) {
    transfer.out_of_memory = true;
    return 0;
  }
  if (length <= room) return length;
  transfer.body_too_long = true;
  return 0;
}

static int OnDebug(CURL* /*easy*/, curl_infotype type, char* data, size_t size, void* user) noexcept {
  if (type != CURLINFO_HEADER_OUT) return 0;
  Transfer& transfer = *static_cast<Transfer*>(user);
  try {
    std::string& head = transfer.capture.request_head;
    // A whole head and another one: libcurl asks again, because a connection kept alive had died.
    if (head.size() >= 4 && head.compare(head.size() - 4, 4, "\r\n\r\n") == 0) head.clear();
    head.append(data, size);
  } catch (...) {
    transfer.out_of_memory = true;
  }
  return 0;
}

static curl_socket_t OnOpenSocket(void* user, curlsocktype /*purpose*/,
                                  struct curl_sockaddr* address) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  try {
    if (!transfer.request.allow_private && IsPrivateSocketAddress(&address->addr, address->addrlen)) {
      transfer.refused_address = SocketAddressText(&address->addr, address->addrlen);
      return CURL_SOCKET_BAD;
    }
    (address->family == AF_INET6 ? transfer.tried_ipv6 : transfer.tried_ipv4) = true;
    const int descriptor = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (descriptor < 0) return CURL_SOCKET_BAD;
    ++transfer.allowed_addresses;
    transfer.opened.push_back(descriptor);
    return descriptor;
  } catch (...) {
    transfer.out_of_memory = true;
    return CURL_SOCKET_BAD;
  }
}

static int OnCloseSocket(void* user, curl_socket_t descriptor) noexcept {
  static_cast<Connections*>(user)->Remove(descriptor);
  return close(descriptor);
}

// Called with a connection, new or kept alive, just before the request is sent.
static int OnConnected(void* user, char* remote, char* local, int remote_port, int local_port) noexcept {
  Transfer& transfer = *static_cast<Transfer*>(user);
  try {
    transfer.capture.remote_address = remote;
    // A connection that another transfer was allowed to make does not pass through OnOpenSocket again.
    if (!transfer.request.allow_private && IsPrivateAddress(transfer.capture.remote_address)) {
      transfer.refused_address = transfer.capture.remote_address;
      transfer.allowed_addresses = 0;
      return CURL_PREREQFUNC_ABORT;
    }
    // A kept-alive connection died, and libcurl would ask once more at once: that is another request, and the host's delay is its caller's to keep.
    if (transfer.asked) {
      transfer.died = true;
      return CURL_PREREQFUNC_ABORT;
    }
    transfer.asked = true;
    const std::string ends = std::string(local) + ' ' + std::to_string(local_port) + ' ' + remote + ' ' +
                             std::to_string(remote_port);
    for (int descriptor : transfer.opened) {
      if (!HasLocalEnd(descriptor, local, local_port)) continue;
      transfer.connections->Add(ends, descriptor);
      return CURL_PREREQFUNC_OK;
    }
    const int kept_alive = transfer.connections->Find(ends);
    if (kept_alive >= 0 && CloseWhenBytesAreWaiting(kept_alive)) transfer.asked = false;
    return CURL_PREREQFUNC_OK;
  } catch (...) {
    transfer.out_of_memory = true;
    return CURL_PREREQFUNC_ABORT;
  }
}

}  // extern "C"

// ---- how a transfer ended ----

// Which part of the body a 206 holds (RFC 9110, 14.4 and 15.3.7); empty where it is the whole.
std::string PartIn(std::string_view response_head) {
  const auto head = http::ParseResponseHead(response_head);
  const auto range = head ? head->fields.Get("Content-Range") : std::nullopt;
  if (!range) return {};  // nothing says that it is a part
  std::string_view rest = TrimAscii(*range);
  if (EqualsIgnoreAsciiCase(rest.substr(0, 5), "bytes")) rest = TrimAscii(rest.substr(5));
  const size_t dash = rest.find('-'), slash = rest.find('/');
  if (dash != std::string_view::npos && slash != std::string_view::npos && dash < slash) {
    const auto first = ParseUint(TrimAscii(rest.substr(0, dash))), last = ParseUint(TrimAscii(rest.substr(dash + 1, slash - dash - 1)));
    const auto length = ParseUint(TrimAscii(rest.substr(slash + 1)));
    if (first && last && length && *first == 0 && *last < *length && *length - *last == 1) return {};
  }
  return std::string(range->substr(0, 100));
}

// The lengths that an answer's head says, where they differ: then none can be believed, and libcurl takes the last (RFC 9112, 6.3). Empty where they do not, and
// where a transfer coding says where the body ends.
std::string LengthsIn(std::string_view response_head) {
  const auto head = http::ParseResponseHead(response_head);
  if (!head || head->fields.Get("Transfer-Encoding")) return {};
  const std::string all = head->fields.GetAll("Content-Length");
  const std::vector<std::string_view> lengths = Split(all, ',');
  const bool differ = std::any_of(lengths.begin(), lengths.end(), [&](std::string_view length) { return TrimAscii(length) != TrimAscii(lengths.front()); });
  return differ ? all.substr(0, 100) : std::string();
}

Truncation HowCut(const Transfer& transfer, CURLcode code) {
  if (transfer.body_too_long) return Truncation::kLength;
  if (code == CURLE_OPERATION_TIMEDOUT) return Truncation::kTime;
  if (code == CURLE_PARTIAL_FILE || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING)
    return Truncation::kDisconnect;
  // CURLE_RECV_ERROR is both a connection reset and a chunked coding that cannot be read.
  const std::string_view text = transfer.error_text;
  if (code == CURLE_RECV_ERROR && FindIgnoreAsciiCase(text, "chunked") == std::string_view::npos)
    return Truncation::kDisconnect;
  return Truncation::kUnspecified;
}

FetchOutcome WhyNothing(const Transfer& transfer, CURLcode code) {
  if (!transfer.refused_address.empty() && transfer.allowed_addresses == 0)
    return FetchOutcome::kAddressRefused;
  if (transfer.head_too_long) return FetchOutcome::kBadResponse;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return FetchOutcome::kDnsFailure;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return FetchOutcome::kConnectFailure;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_USE_SSL_FAILED:
      return FetchOutcome::kTlsFailure;
    case CURLE_OPERATION_TIMEDOUT:
      return std::string_view(transfer.error_text).substr(0, 9) == "Resolving" ? FetchOutcome::kDnsFailure
                                                                               : FetchOutcome::kTimeout;
    case CURLE_UNSUPPORTED_PROTOCOL:  // a URL that is not HTTP's, or HTTP/0.9
    case CURLE_URL_MALFORMAT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return FetchOutcome::kBadResponse;
    case CURLE_OUT_OF_MEMORY:  // also a head line past libcurl's own limit
      return transfer.asked && !transfer.out_of_memory ? FetchOutcome::kBadResponse : FetchOutcome::kReset;
    default:
      return FetchOutcome::kReset;
  }
}

// The connection failed for want of a way there, not of an answer.
bool HasNoRoute(CURL* easy) {
  long error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
  return error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

std::string InWords(const Transfer& transfer, CURLcode code) {
  if (!transfer.refused_address.empty() && transfer.allowed_addresses == 0) {
    return "address " + transfer.refused_address + " is not public, and allow_private is not set";
  }
  if (transfer.head_too_long) return "head longer than " + HumanBytes(limits::kMaxHeadBytes);
  if (transfer.body_too_long) return "body longer than " + HumanBytes(transfer.request.max_body_bytes);
  if (transfer.out_of_memory) return "out of memory";
  if (transfer.died) return "the connection, kept alive, was closed before it answered";
  if (code == CURLE_OUT_OF_MEMORY && transfer.asked) return "a line of the head is longer than libcurl takes";
  if (code == CURLE_OK) return "connection closed within the response head";
  return OneLine(transfer.error_text[0] != '\0' ? transfer.error_text : curl_easy_strerror(code));
}

}  // namespace

std::string OneLine(std::string_view text) {
  std::string line(TrimAscii(text));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

bool BodyBudget::Admits(Transfer& transfer, size_t bytes) {
  if (transfer.capture.payload.size() + bytes <= options_.small_body_bytes) return true;
  if (std::find(large_.begin(), large_.end(), &transfer) == large_.end()) large_.push_back(&transfer);
  const uint64_t held = options_.held ? options_.held() : 0;
  if (large_.front() == &transfer) return held < options_.max_large_body_bytes;
  uint64_t total = held + bytes;
  for (const Transfer* other : large_) total += other->capture.payload.size();
  return total <= options_.max_large_body_bytes;
}

std::unique_ptr<Transfer> Transfer::Create(Connections* connections, BodyBudget* budget, const std::string& user_agent) {
  std::unique_ptr<Transfer> transfer(new Transfer());
  transfer->easy = curl_easy_init();
  if (transfer->easy == nullptr) return nullptr;
  transfer->connections = connections;
  transfer->budget = budget;
  transfer->SetUpOnce(user_agent);
  return transfer;
}

Transfer::~Transfer() {
  if (easy != nullptr) curl_easy_cleanup(easy);
}

void Transfer::SetUpOnce(const std::string& user_agent) {
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, OnHeadLine);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, OnDebug);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);  // without it no OnDebug, and no request head
  // Most pages come in one read; libcurl's 16 KiB make it two or three, each with a wait before it.
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 64L << 10);
  // TLS 1.2 at least, whatever this system's default is (RFC 8996); SetTls changes it.
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, OnOpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  // A connection outlives the transfer that made it.
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, OnCloseSocket);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, connections);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, OnConnected);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);

  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // the archive's URL is what is asked for
  curl_easy_setopt(easy, CURLOPT_PROXY, "");       // whatever the environment says
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  // Only with a CA file and no CA folder does libcurl keep the parsed certificates from one connection to the
  // next.
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Without it, the loop would wait for a name server that is silent past the timeout.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
}

bool Transfer::Prepare(FetchRequest next, UtcTime now) {
  request = std::move(next);
  const std::string& url = capture.url;
  capture.url = request.url.substr(0, request.url.find('#'));
  capture.method = request.method;
  capture.request_body = std::move(request.body);
  capture.began = now;
  const bool is_http = EqualsIgnoreAsciiCase(std::string_view(url).substr(0, 7), "http://") ||
                       EqualsIgnoreAsciiCase(std::string_view(url).substr(0, 8), "https://");
  if (!is_http || url.find('\0') != std::string::npos) {  // without this, libcurl would guess a scheme
    capture.error = "not an http or https URL";
    return false;
  }
  if (!IsToken(request.method)) {
    capture.error = "not a method: " + OneLine(request.method);
    return false;
  }
  if (curl_easy_setopt(easy, CURLOPT_URL, url.c_str()) != CURLE_OK) return false;
  SetVerb();
  SetFields();
  SetTls();
  const auto milliseconds = [](std::chrono::milliseconds time) {
    return std::max<long>(1, static_cast<long>(time.count()));
  };
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(request.timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(request.min_bytes_per_second));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   std::max<long>(1, static_cast<long>(request.slow_for.count())));
  return true;
}

void Transfer::SetTls() {
  const bool wanted = !request.tls_legacy_because.empty();
  if (wanted == tls_legacy) return;
  tls_legacy = wanted;
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, wanted ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, wanted ? 0L : 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(wanted ? CURL_SSLVERSION_TLSv1_0 : CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, wanted ? "DEFAULT:@SECLEVEL=0" : nullptr);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, wanted ? OnLegacyTls : nullptr);
}

void Transfer::SetVerb() {
  const std::string& method = capture.method;
  const std::string& body = capture.request_body;
  const Verb wanted = VerbOf(method, !body.empty());
  if (wanted == verb && (wanted == Verb::kGet || wanted == Verb::kHead)) return;
  if (verb == Verb::kOther) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, nullptr);
  verb = wanted;
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  if (verb == Verb::kHead) curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (verb == Verb::kPost || !body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());  // not copied: the capture keeps it
  }
  if (verb == Verb::kOther) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Transfer::SetFields() {
  const std::vector<http::Field>& fields = request.fields;
  if (fields.empty()) {
    if (!own_fields_only) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, OwnFields().data());
    own_fields_only = true;
    return;
  }
  own_fields_only = false;
  for (const http::Field& field : fields) {
    if (!IsToken(field.name) || !IsFieldValue(field.value)) continue;
    // libcurl writes an empty field only for a semicolon.
    lines.push_back(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
  }
  for (std::string& line : lines) nodes.push_back({line.data(), nullptr});
  for (const curl_slist& own : OwnFields()) {
    const std::string_view line = own.data;
    const std::string_view name = line.substr(0, line.find(':'));
    const bool replaced = std::any_of(fields.begin(), fields.end(), [&](const http::Field& field) {
      return EqualsIgnoreAsciiCase(field.name, name);
    });
    if (!replaced) nodes.push_back({own.data, nullptr});
  }
  for (size_t i = 0; i + 1 < nodes.size(); ++i) nodes[i].next = &nodes[i + 1];
  // libcurl keeps the pointer and copies nothing; the nodes live as long as the transfer.
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, nodes.empty() ? nullptr : nodes.data());
}

void Transfer::SetStatus() {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  capture.status = static_cast<int>(status);
}

void Transfer::Judge(CURLcode code) {
  if (!has_response()) {
    capture.outcome = WhyNothing(*this, code);
    if (capture.outcome == FetchOutcome::kTlsFailure) {  // connected, although no request could be sent
      const char* address = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address);
      if (address != nullptr) capture.remote_address = address;
    }
    capture.error = InWords(*this, code);
    if (capture.outcome == FetchOutcome::kConnectFailure && tried_ipv6 && !tried_ipv4 && HasNoRoute(easy)) {
      capture.error = "the host has only IPv6 addresses and this machine no route to them (" + capture.error + ")";
    }
    capture.response_head.clear();
    capture.payload.clear();
    return;
  }
  SetStatus();
  if (code == CURLE_OK) {
    capture.outcome = FetchOutcome::kResponse;
    const std::string part = capture.status == 206 ? PartIn(capture.response_head) : std::string();
    const std::string lengths = capture.status == 304 || verb == Verb::kHead ? std::string() : LengthsIn(capture.response_head);
    if (part.empty() && lengths.empty()) return;
    capture.outcome = FetchOutcome::kTruncated;
    capture.truncation = Truncation::kUnspecified;
    capture.error = lengths.empty() ? "206, which was not asked for: " + part : "its head says several lengths: " + OneLine(lengths);
    return;
  }
  capture.outcome = FetchOutcome::kTruncated;
  capture.truncation = HowCut(*this, code);
  capture.error = InWords(*this, code);
}

void Transfer::Resume() {
  if (paused_for == 0 || !budget->Admits(*this, paused_for)) return;
  paused_for = 0;
  curl_easy_pause(easy, CURLPAUSE_CONT);
}

void Transfer::Cancel() {
  capture.outcome = FetchOutcome::kCancelled;
  capture.error = "stopped while under way";
  if (has_response()) {
    SetStatus();
    capture.truncation = Truncation::kUnspecified;
  } else {
    capture.response_head.clear();
  }
}

FetchResult Transfer::Take() {
  if (started) {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    capture.duration = std::chrono::milliseconds(microseconds / 1000);
  }
  budget->Leave(*this);
  FetchResult result{request.id, std::move(capture)};
  request = FetchRequest();
  capture = Capture();
  lines.clear();
  nodes.clear();
  error_text[0] = '\0';
  head_bytes = paused_for = 0;
  head_complete = interim = head_too_long = body_too_long = out_of_memory = started = asked = died = false;
  opened.clear();
  allowed_addresses = 0;
  tried_ipv4 = tried_ipv6 = false;
  refused_address.clear();
  return result;
}

}  // namespace fangzhi::fetch
