// libFuzzer target for url/: the invariants of tests/unit/url/property_test.cc on inputs that look for new
// paths. The first byte chooses whether there is a base.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/strings.h"
#include "url/url.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fangzhi::url;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const Url base = *Parse("http://a.gov.cn:81/b/c.html?d");
  static const Url file_base = *Parse("file:///C:/a/b");
  const Url* chosen = data[0] % 3 == 0 ? nullptr : data[0] % 3 == 1 ? &base : &file_base;

  (void)Surt(input);
  (void)HostToAscii(input);
  (void)PercentDecode(input);
  (void)Display(input);
  if (const auto url = Parse(input, chosen)) {
    const std::string href = url->Href();
    for (char c : href) Require(c >= 0x20 && c <= 0x7E);
    const auto again = Parse(href);
    Require(again.has_value());
    Require(again->Href() == href);
    Require(again->host == url->host && again->port == url->port && again->path == url->path);
    const auto shown = Parse(Display(href));
    // Decoding forgets the case of the hexadecimal digits.
    Require(shown.has_value() && fangzhi::EqualsIgnoreAsciiCase(shown->Href(), href));
  }
  if (const auto url = Canonical(input, chosen)) {
    const std::string href = url->Href();
    const auto again = Canonical(href);
    Require(again.has_value() && again->Href() == href);
  }
  return 0;
}
