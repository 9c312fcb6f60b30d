// Fields on real pages, where a corpus is at hand: found by the environment variable FANGZHI_CORPUS, or
// beside the source tree. Prints the scores and every failure; asserts floors well below what is reached.
// Pages in other charsets than UTF-8 belong to process/'s tests.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "extract/extract.h"
#include "model/json.h"
#include "support/corpus.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

std::filesystem::path CorpusPages() { return std::filesystem::path(test::Corpus()) / "pages"; }

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream buffer;
  buffer << file.rdbuf();
  return buffer.str();
}

struct Score {
  int right = 0, all = 0;
  double Rate() const { return all == 0 ? 1 : static_cast<double>(right) / all; }
};

TEST(Corpus, FieldsOfRealPages) {
  const std::filesystem::path pages = CorpusPages();
  std::error_code error;
  FANGZHI_NEEDS_CASES(std::filesystem::is_directory(pages, error) ? 1 : 0, "pages/");
  std::map<std::string, Score> scores;
  const bool verbose = std::getenv("FANGZHI_VERBOSE") != nullptr;
  for (const auto& entry : std::filesystem::directory_iterator(pages)) {
    const std::string bytes = ReadAll(entry.path() / "page.html");
    if (!text::IsValidUtf8(bytes)) continue;
    const auto expected = model::ParseJson(ReadAll(entry.path() / "expected.json"));
    ASSERT_TRUE(expected) << entry.path();
    const std::string id = entry.path().filename().string();
    std::string address = model::GetString(*expected, "url");
    if (address.empty())
      address = "http://" + model::GetString(*expected, "site", "example.org") + "/unknown/page.htm";
    const auto url = url::Parse(address);
    ASSERT_TRUE(url) << address;
    const html::Document document = html::Document::Parse(bytes);
    const model::PageRecord record = Extract({.document = document,
                                              .page_url = *url,
                                              .http_status = 200,
                                              .selectors = nullptr,
                                              .list_title = {},
                                              .list_date = {}});
    const auto report = [&](const std::string& field, bool right, const std::string& wanted,
                            const std::string& got) {
      Score& score = scores[field];
      ++score.all;
      score.right += right;
      if (!right)
        std::printf("%-16s %-10s want [%s]\n%28sgot  [%s]\n", id.c_str(), field.c_str(), wanted.c_str(), "",
                    got.c_str());
    };
    const auto key = [](const std::string& text) { return text::RemoveSpace(text); };
    const std::string kind = model::GetString(*expected, "kind");
    const std::string got_kind(model::PageKindName(record.kind));
    report("kind", kind == got_kind, kind, got_kind + " (" + record.kind_reason + ")");
    if (kind != "article") continue;
    const std::string title = model::GetString(*expected, "title");
    report("title", key(title) == key(record.title.value_or("")), title, record.title.value_or("null"));
    const std::string iso = expected->contains("date") ? model::GetString((*expected)["date"], "iso") : "";
    report("date", iso == record.published.value_or(""), iso,
           record.published.value_or("null") + " by " +
               (record.provenance.count("published") ? record.provenance.at("published") : ""));
    report("day", iso.substr(0, 10) == record.published.value_or("").substr(0, 10), iso,
           record.published.value_or("null"));
    const std::string source = model::GetString(*expected, "source");
    report("source", key(source) == key(record.source.value_or("")), source, record.source.value_or("null"));
    const bool has_clicks = expected->contains("clicks") && (*expected)["clicks"].is_number();
    const std::string clicks = has_clicks ? std::to_string(model::GetInt(*expected, "clicks")) : "";
    const std::string got_clicks = record.clicks ? std::to_string(*record.clicks) : "";
    report("clicks", clicks == got_clicks, clicks, got_clicks);
    const std::string author = model::GetString(*expected, "author"),
                      where = model::GetString(*expected, "author_where");
    const std::string got_author = record.author.value_or("");
    report("author", key(author) == key(got_author) || (got_author.empty() && where != "byline"),
           author + " " + where, got_author);
    const std::string editor = model::GetString(*expected, "editor");
    report("editor", key(editor) == key(record.editor.value_or("")), editor, record.editor.value_or("null"));

    const std::string body = key(record.body);
    const std::string head = model::GetString(*expected, "body_head"),
                      tail = model::GetString(*expected, "body_tail");
    const auto length = static_cast<double>(text::CountCodePoints(body));
    const auto wanted = static_cast<double>(model::GetInt(*expected, "body_chars"));
    const bool near_length = length >= wanted * 0.9 && length <= wanted * 1.1;
    const bool head_right = body.starts_with(head), tail_right = body.ends_with(tail);
    report("body",
           near_length && body.find(head) != std::string::npos && body.find(tail) != std::string::npos,
           std::to_string(wanted),
           std::to_string(length) + " by " +
               (record.provenance.count("body") ? record.provenance.at("body") : "none"));
    report("body_head", head_right, head, std::string(text::PrefixCodePoints(body, 60)));
    report("body_tail", tail_right, tail,
           body.size() > 180 ? "…" + text::ScrubUtf8(body.substr(body.size() - 180)) : body);
    if (verbose)
      std::printf("== %s\n%s\n%s\n", id.c_str(), model::Dump(model::ToJson(record)).c_str(),
                  record.body.c_str());
  }
  for (const auto& [field, score] : scores)
    std::printf("%-10s %d/%d\n", field.c_str(), score.right, score.all);
  EXPECT_GT(scores["title"].all, 0) << "no article in " << pages;
  EXPECT_GE(scores["kind"].Rate(), 0.95);
  EXPECT_GE(scores["title"].Rate(), 0.93);
  EXPECT_GE(scores["day"].Rate(), 0.93);
  EXPECT_GE(scores["source"].Rate(), 0.88);
  EXPECT_GE(scores["clicks"].Rate(), 0.9);
  EXPECT_GE(scores["body"].Rate(), 0.82);
}

}  // namespace
}  // namespace fangzhi::extract
