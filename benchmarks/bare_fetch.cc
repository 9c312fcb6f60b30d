// fangzhi-bare-fetch: the least that any archiving crawler must do with a list of URLs, each part with its own clock. It shares no code
// with src/: it is what the crawl is measured against.
//
//   fangzhi-bare-fetch URLS [CONNECTIONS]   URLS: a file, one URL a line; CONNECTIONS to the host at once (default 8)
//
//   fetch    a libcurl multi loop, GET with keep-alive, the body into one string
//   gzip     libdeflate, level 6, one member of the response as received and one of the request
//   gumbo    gumbo_parse_with_options and gumbo_destroy_output of every HTML page, errors not collected
//   digest   SHA-256 of head and body, and of the body alone: a WARC's block digest and payload digest
//
// Inflating a body and bringing it to UTF-8 for Gumbo counts for no part. Prints one JSON object: requests, bytes, CPU seconds
// (user + system) of each part, the loop's peak memory.
#include <curl/curl.h>
#include <gumbo.h>
#include <iconv.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <sys/resource.h>
#include <time.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Adds the CPU time of its scope to a part's sum.
class Timed {
 public:
  explicit Timed(double& sum) : sum_(sum), began_(CpuSeconds()) {}
  ~Timed() { sum_ += CpuSeconds() - began_; }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  double& sum_;
  double began_;
};

struct Sums {
  uint64_t requests = 0, failures = 0, pages = 0, bytes = 0, stored_bytes = 0;
  double gzip = 0, gumbo = 0, digest = 0, untimed = 0;
};

struct Transfer {
  CURL* easy = nullptr;
  std::string url, head, body;
};

size_t TakeBody(char* data, size_t size, size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->body.append(data, size * count);
  return size * count;
}

size_t TakeHead(char* data, size_t size, size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->head.append(data, size * count);
  return size * count;
}

bool HeadHas(std::string_view head, std::string_view text) { return head.find(text) != std::string_view::npos; }

std::string Inflate(const std::string& body) {
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(libdeflate_alloc_decompressor(),
                                                                                            libdeflate_free_decompressor);
  std::string plain(body.size() * 32 + 4096, '\0');
  size_t size = 0;
  if (libdeflate_gzip_decompress(inflater.get(), body.data(), body.size(), plain.data(), plain.size(), &size) != LIBDEFLATE_SUCCESS) {
    return body;
  }
  plain.resize(size);
  return plain;
}

// "" when the bytes are not of that encoding.
std::string ToUtf8(const std::string& bytes, const char* encoding) {
  iconv_t converter = iconv_open("UTF-8", encoding);
  if (converter == iconv_t(-1)) return {};
  std::string out(bytes.size() * 3 + 16, '\0');
  char* from = const_cast<char*>(bytes.data());
  char* to = out.data();
  size_t from_left = bytes.size(), to_left = out.size();
  const bool whole = iconv(converter, &from, &from_left, &to, &to_left) != size_t(-1);
  iconv_close(converter);
  if (!whole) return {};
  out.resize(out.size() - to_left);
  return out;
}

std::string AsUtf8(std::string bytes) {
  for (const char* encoding : {"UTF-8", "GB18030", "BIG5-HKSCS"}) {
    if (std::string text = ToUtf8(bytes, encoding); !text.empty()) return text;
  }
  return bytes;
}

void DigestOf(EVP_MD_CTX* context, std::string_view a, std::string_view b) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  EVP_DigestUpdate(context, a.data(), a.size());
  EVP_DigestUpdate(context, b.data(), b.size());
  EVP_DigestFinal_ex(context, digest, &size);
}

class Parts {
 public:
  Parts() : compressor_(libdeflate_alloc_compressor(1)), digest_(EVP_MD_CTX_new()) {}
  ~Parts() {
    libdeflate_free_compressor(compressor_);
    EVP_MD_CTX_free(digest_);
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void Run(const Transfer& transfer, Sums& sums) {
    {
      const Timed timed(sums.digest);
      DigestOf(digest_, transfer.head, transfer.body);
      DigestOf(digest_, {}, transfer.body);
    }
    {
      const Timed timed(sums.gzip);
      record_.assign(transfer.head).append(transfer.body);
      sums.stored_bytes += Compress(record_);
      record_.assign("GET ").append(transfer.url).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n");
      sums.stored_bytes += Compress(record_);
    }
    if (!HeadHas(transfer.head, "text/html")) return;
    ++sums.pages;
    std::string text;
    {
      const Timed timed(sums.untimed);
      text = AsUtf8(HeadHas(transfer.head, "gzip") ? Inflate(transfer.body) : transfer.body);
    }
    const Timed timed(sums.gumbo);
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    GumboOutput* output = gumbo_parse_with_options(&options, text.data(), text.size());
    gumbo_destroy_output(&options, output);
  }

 private:
  size_t Compress(const std::string& text) {
    const size_t bound = libdeflate_gzip_compress_bound(compressor_, text.size());
    if (member_.size() < bound) member_.resize(bound);
    return libdeflate_gzip_compress(compressor_, text.data(), text.size(), member_.data(), member_.size());
  }

  libdeflate_compressor* compressor_;
  EVP_MD_CTX* digest_;
  std::string record_, member_;
};

void Start(CURLM* multi, Transfer& transfer, std::string url, curl_slist* fields) {
  transfer.url = std::move(url);
  transfer.head.clear();
  transfer.body.clear();
  curl_easy_setopt(transfer.easy, CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(transfer.easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, fields);
  curl_easy_setopt(transfer.easy, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(transfer.easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(transfer.easy, CURLOPT_HEADERFUNCTION, TakeHead);
  curl_easy_setopt(transfer.easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(transfer.easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(transfer.easy, CURLOPT_NOSIGNAL, 1L);
  curl_multi_add_handle(multi, transfer.easy);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: fangzhi-bare-fetch URLS [CONNECTIONS]\n");
    return 2;
  }
  std::ifstream list(argv[1]);
  if (!list) {
    std::fprintf(stderr, "fangzhi-bare-fetch: cannot read %s\n", argv[1]);
    return 2;
  }
  const int connections = argc > 2 ? std::atoi(argv[2]) : 8;

  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = curl_multi_init();
  curl_slist* fields = curl_slist_append(nullptr, "Accept-Encoding: gzip, deflate, br");
  Sums sums;
  Parts parts;
  std::vector<Transfer> transfers(static_cast<size_t>(connections < 1 ? 1 : connections));
  std::string url;
  size_t running = 0;
  for (Transfer& transfer : transfers) {
    transfer.easy = curl_easy_init();
    if (std::getline(list, url)) {
      Start(multi, transfer, url, fields);
      ++running;
    }
  }
  while (running > 0) {
    int active = 0;
    curl_multi_perform(multi, &active);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      ++sums.requests;
      if (message->data.result != CURLE_OK) ++sums.failures;
      sums.bytes += transfer->head.size() + transfer->body.size();
      curl_multi_remove_handle(multi, transfer->easy);
      parts.Run(*transfer, sums);
      --running;
      if (std::getline(list, url)) {
        Start(multi, *transfer, url, fields);
        ++running;
      }
    }
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  for (const Transfer& transfer : transfers) curl_easy_cleanup(transfer.easy);
  curl_slist_free_all(fields);
  curl_multi_cleanup(multi);

  const double fetch = CpuSeconds() - sums.gzip - sums.gumbo - sums.digest - sums.untimed;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"requests\": %llu, \"failures\": %llu, \"html_pages\": %llu, \"bytes\": %llu, \"stored_bytes\": %llu, \"fetch\": %.6f, "
      "\"gzip\": %.6f, \"gumbo\": %.6f, \"digest\": %.6f, \"peak_kib\": %ld}\n",
      static_cast<unsigned long long>(sums.requests), static_cast<unsigned long long>(sums.failures),
      static_cast<unsigned long long>(sums.pages), static_cast<unsigned long long>(sums.bytes),
      static_cast<unsigned long long>(sums.stored_bytes), fetch, sums.gzip, sums.gumbo, sums.digest, usage.ru_maxrss);
  return sums.failures == 0 ? 0 : 1;
}
