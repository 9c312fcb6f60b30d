// extract/ on any page: every field is well-formed UTF-8 and none longer than the page, the HTML it hands out has nothing but
// the elements and attributes it may have, however the page is broken; answers of counters are numbers or nothing. The first
// byte chooses the address and the status.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "extract/extract.h"
#include "html/html.h"
#include "model/json.h"
#include "text/text.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

constexpr const char* kAddresses[] = {"http://www.example.gov.cn/xw/202204/t20220417_974894.html", "http://www.example.gov.cn/",
                                      "http://www.example.edu.cn/info/1074/64481.htm", "http://www.example.edu.cn/2019/0326/c295a290690/page.htm",
                                      "https://www.example.gov.tw/News_Content.aspx?n=1&s=2", "http://www.example.cn/show.asp?id=7&page=2"};
constexpr int kStatuses[] = {200, 200, 200, 404, 412, 202};

void CheckSafe(std::string html) {
  const fangzhi::html::Document document = fangzhi::html::Document::Parse(std::move(html));
  static constexpr std::string_view kElements[] = {
      "html", "head", "body", "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody",
      "tfoot", "tr", "td", "th", "caption", "colgroup", "blockquote", "pre", "code", "em", "strong", "b", "i", "u", "s", "sub", "sup", "a", "img", "figure",
      "figcaption", "ruby", "rt", "rp"};
  for (const fangzhi::html::Node& node : document.nodes()) {
    if (node.type != fangzhi::html::NodeType::kElement) continue;
    bool known = false;
    for (const std::string_view element : kElements) known = known || node.text == element;
    Require(known);
    for (const fangzhi::html::Attribute& attribute : document.attributes(node)) {
      const bool address = attribute.name == "href" || attribute.name == "src";
      Require(address || attribute.name == "alt" || attribute.name == "rel" || attribute.name == "colspan" || attribute.name == "rowspan");
      if (address) Require(attribute.value.starts_with("http://") || attribute.value.starts_with("https://"));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fangzhi;
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t choice = data[0] % std::size(kAddresses);
  const auto url = url::Parse(kAddresses[choice]);
  const html::Document document = html::Document::Parse(text::ScrubUtf8(bytes));
  const model::PageRecord record = extract::Extract({.document = document,
                                                     .page_url = *url,
                                                     .http_status = kStatuses[choice],
                                                     .selectors = nullptr,
                                                     .list_title = {},
                                                     .list_date = {},
                                                     .explain = (data[0] & 64) != 0,
                                                     .clean_html = true});
  const model::Json json = model::ToJson(record);
  // Dump replaces what is ill-formed; the strict form throws, and nothing may.
  Require(text::IsValidUtf8(json.dump()));
  Require(record.body.size() <= 4 * document.source().size() + 64);
  for (const auto& [field, confidence] : record.confidence) Require(confidence >= 0 && confidence <= 1);
  CheckSafe(record.html);

  for (const char* kind : {"vsb", "empirecms", "phpcms", "sudy", "generic"}) {
    const auto value = extract::ParseCounterAnswer(bytes, kind);
    Require(!value || (*value >= 0 && *value <= 9'999'999'999));
  }
  Require(extract::ParseCounterBatch(bytes, "vsb", {"1", "2", "3"}).size() % 3 == 0);
  Require(extract::ParseCounterBatch(bytes, "sudy", {"1", "2", "3"}).size() % 3 == 0);
  return 0;
}
