#include "sample_pages.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "portal.h"
#include "text.h"

namespace fangzhi::bench {
namespace {

constexpr uint32_t kArticles = 240;
constexpr int64_t kClock = 1717372800;  // 2024-06-03T08:00:00+08:00

portal::Response Get(portal::Portal& portal, const std::string& path) {
  portal::Request request;
  request.method = "GET";
  request.target = request.path = path;
  request.host = "portal.example";
  return portal.Handle(request);
}

std::string Contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Folders as tests/evaluate/pages.py reads them. What is no such folder is left out; a count of nought shows as an error of each station.
std::vector<SamplePage> PagesOf(const std::filesystem::path& directory) {
  std::vector<SamplePage> pages;
  std::error_code error;
  for (const auto& folder : std::filesystem::directory_iterator(directory, error)) {
    const auto expected = nlohmann::json::parse(Contents(folder.path() / "expected.json"), nullptr, false);
    SamplePage page;
    page.body = Contents(folder.path() / "page.html");
    page.content_type = "text/html";
    if (const auto url = expected.find("url"); url != expected.end() && url->is_string()) page.url = *url;
    if (!page.body.empty() && !page.url.empty()) pages.push_back(std::move(page));
  }
  std::sort(pages.begin(), pages.end(), [](const SamplePage& a, const SamplePage& b) { return a.url < b.url; });
  return pages;
}

std::vector<SamplePage> MakePages() {
  if (const char* directory = std::getenv("FANGZHI_BENCH_PAGES")) return PagesOf(directory);
  if (!portal::LoadEncodings()) return {};
  portal::PortalOptions options;
  options.world.seed = 7;
  options.world.articles = kArticles;
  options.world.clock = kClock;
  portal::Portal portal(options);
  const std::string map = Get(portal, "/sitemap.xml").body;
  std::vector<SamplePage> pages;
  const std::string base = "http://portal.example";
  for (size_t at = map.find("<loc>"); at != std::string::npos; at = map.find("<loc>", at + 1)) {
    const size_t begin = at + 5;
    const std::string url = map.substr(begin, map.find('<', begin) - begin);
    const size_t slash = url.find('/', url.find("//") + 2);
    if (slash == std::string::npos) continue;
    portal::Response response = Get(portal, url.substr(slash));
    if (response.status != 200 || response.content_type.find("html") == std::string::npos) continue;
    SamplePage& page = pages.emplace_back();
    page.url = base + url.substr(slash);
    page.content_type = response.content_type;
    page.body = std::move(response.body);
    page.head = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: " + page.content_type +
                "\r\nContent-Length: " + std::to_string(page.body.size()) + "\r\n\r\n";
  }
  return pages;
}

}  // namespace

const std::vector<SamplePage>& SamplePages() {
  static const std::vector<SamplePage> pages = MakePages();
  return pages;
}

size_t BytesOf(const std::vector<SamplePage>& pages) {
  size_t bytes = 0;
  for (const SamplePage& page : pages) bytes += page.body.size();
  return bytes;
}

}  // namespace fangzhi::bench
