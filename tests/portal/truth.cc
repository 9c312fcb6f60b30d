#include "truth.h"

#include <memory>

#include "civil_time.h"

namespace fangzhi::portal {
namespace {

constexpr size_t kPiece = 128 * 1024;

class Truth {
 public:
  Truth(const World& world, const Pages& pages, TruthOptions options)
      : world_(world), pages_(pages), options_(std::move(options)) {}

  bool Next(std::string* out) {
    while (out->size() < kPiece) {
      switch (stage_) {
        case Stage::kSite:
          AppendSite(out);
          Enter(Stage::kArticles);
          if (options_.article >= 0) at_ = static_cast<size_t>(options_.article);
          Open("articles", out);
          break;
        case Stage::kArticles:
          if (at_ < world_.article_count() &&
              (options_.article < 0 || at_ == static_cast<size_t>(options_.article))) {
            AppendArticle(static_cast<uint32_t>(at_++), out);
          } else {
            Shut(out);
            Enter(Stage::kEvents);
            Open("events", out);
          }
          break;
        case Stage::kEvents:
          if (at_ < world_.events().size()) {
            AppendEvent(world_.events()[at_++], out);
          } else {
            Shut(out);
            Enter(Stage::kLists);
            Open("urls", out);
          }
          break;
        case Stage::kLists:
          if (at_ < world_.columns().size()) {
            const auto column = static_cast<uint32_t>(at_++);
            for (uint32_t page = 1; page <= pages_.ListPages(column); ++page)
              AppendUrl("list", pages_.ListPath(column, page), out);
          } else {
            AppendOthers(out);
            Shut(out);
            if (!options_.lines) out->append("}\n");
            return false;
          }
          break;
      }
    }
    return true;
  }

 private:
  enum class Stage { kSite, kArticles, kEvents, kLists };

  void Enter(Stage stage) {
    stage_ = stage;
    at_ = 0;
  }
  void Open(std::string_view name, std::string* out) {
    first_ = true;
    if (!options_.lines) out->append(",\n\"").append(name).append("\":[");
  }
  void Shut(std::string* out) {
    if (!options_.lines) out->append("\n]");
  }
  // The beginning of one row.
  void Row(std::string_view type, std::string* out) {
    if (!options_.lines) {
      out->append(first_ ? "\n{" : ",\n{");
    } else {
      out->append("{\"type\":\"").append(type).append("\",");
    }
    first_ = false;
  }
  void EndRow(std::string* out) { out->append(options_.lines ? "}\n" : "}"); }

  void AppendText(std::string_view name, std::string_view value, std::string* out) {
    out->append(",\"").append(name).append("\":");
    if (value.empty()) {
      out->append("null");
    } else {
      AppendJsonString(value, out);
    }
  }

  void AppendSite(std::string* out) {
    out->append(options_.lines ? "{\"type\":\"site\"," : "{");
    out->append("\"base\":");
    AppendJsonString(options_.base + "/", out);
    out->append(",\"now\":\"").append(IsoTime(world_.now())).append("\",\"started\":\"");
    out->append(IsoTime(world_.options().clock))
        .append("\",\"seed\":")
        .append(std::to_string(world_.options().seed));
    out->append(",\"article_count\":")
        .append(std::to_string(world_.article_count()))
        .append(",\"columns\":[");
    for (uint32_t i = 0; i < world_.columns().size(); ++i) {
      out->append(i == 0 ? "{\"name\":" : ",{\"name\":");
      AppendJsonString(world_.columns()[i].name, out);
      AppendText("url", options_.base + pages_.ListPath(i, 1), out);
      out->append(",\"pages\":").append(std::to_string(pages_.ListPages(i)));
      out->append(",\"live\":").append(std::to_string(world_.columns()[i].live.size())).append("}");
    }
    out->append("]");
    if (options_.lines) out->append("}\n");
  }

  void AppendArticle(uint32_t id, std::string* out) {
    const portal::Article& article = world_.article(id);
    const Look look = world_.LookOf(id);
    const ArticleText text = world_.TextOf(id, options_.bodies);
    const ColumnKind kind = world_.columns()[world_.ColumnOf(id)].kind;
    const std::string number = std::to_string(id + kFirstNumber);
    Row("article", out);
    out->append("\"id\":").append(std::to_string(id));
    AppendText("url", options_.base + world_.PathOf(id), out);
    AppendText("state", StateName(article.state), out);
    AppendText("column", world_.columns()[world_.ColumnOf(id)].name, out);
    AppendText("title", text.title, out);
    AppendText("published", text.published, out);
    AppendText("source", text.source, out);
    AppendText("author", text.author, out);
    AppendText("editor", text.editor, out);
    AppendText("document_number", text.document_number, out);
    AppendText("index_number", text.index_number, out);
    out->append(",\"clicks\":");
    out->append(world_.HasClicks(id) ? std::to_string(world_.ClicksOf(id)) : "null");
    const bool vsb = kind == ColumnKind::kVsb;
    const bool empire = kind == ColumnKind::kEmpire;
    AppendText("counter", vsb ? "vsb" : empire ? "empire" : world_.HasClicks(id) ? "inline" : "", out);
    std::string counter;
    if (vsb) {
      counter = options_.base + "/system/resource/code/news/click/dynclicks.jsp?clickid=" + number +
                "&owner=" + std::string(kOwner) + "&clicktype=wbnews";
    } else if (empire) {
      counter = options_.base + "/e/public/ViewClick/?classid=" + std::to_string(world_.ColumnOf(id) + 1) +
                "&id=" + number;
    }
    AppendText("counter_url", counter, out);
    constexpr std::string_view kCharsets[] = {"UTF-8", "GBK", "Big5"};
    AppendText("charset", kCharsets[static_cast<size_t>(look.voice.encoding)], out);
    AppendText("declared", LabelName(look.label), out);
    AppendText("encoding_trouble", TroubleOf(look), out);
    out->append(",\"punctuation_folded\":").append(look.voice.folded ? "true" : "false");
    out->append(",\"validators\":").append(look.validators ? "true" : "false");
    out->append(",\"attachments\":[");
    const auto attachments = pages_.Attachments(id);
    for (size_t i = 0; i < attachments.size(); ++i) {
      out->append(i == 0 ? "{\"text\":" : ",{\"text\":");
      AppendJsonString(attachments[i].text, out);
      AppendText("url", options_.base + attachments[i].path, out);
      out->append("}");
    }
    out->append("],\"images\":[");
    if (look.image) AppendJsonString(options_.base + pages_.ImagePath(id), out);
    out->append("]");
    AppendText("created", IsoTime(article.created), out);
    AppendText("changed", IsoTime(article.changed), out);
    if (options_.bodies) AppendText("body", text.body, out);
    EndRow(out);
  }

  static std::string_view TroubleOf(const Look& look) {
    if (look.voice.damage == Damage::kGloss) return "gloss";
    if (look.voice.damage == Damage::kLatin1) return "latin1";
    if (look.label == Label::kWronglyUtf8) return "mislabelled";
    if (look.label == Label::kNone) return "unlabelled";
    return look.label == Label::kGb2312 ? "gb2312_label" : "";
  }

  void AppendEvent(const Event& event, std::string* out) {
    if (options_.article >= 0 && event.article != static_cast<uint64_t>(options_.article)) return;
    Row("event", out);
    out->append("\"time\":\"")
        .append(IsoTime(event.time))
        .append("\",\"kind\":\"")
        .append(EventName(event.kind));
    out->append("\",\"id\":").append(std::to_string(event.article));
    AppendText("url", options_.base + world_.PathOf(event.article, event.design, event.place), out);
    if (event.kind == EventKind::kMoved) AppendText("to", options_.base + world_.PathOf(event.article, event.design + 1, event.place), out);
    AppendText("how", event.kind == EventKind::kGone ? StateName(event.state) : "", out);
    out->append(",\"fields\":[");
    constexpr std::string_view kNames[] = {"title", "body", "source", "published"};
    bool first = true;
    for (size_t i = 0; i < 4; ++i) {
      if ((event.fields >> i & 1) == 0) continue;
      out->append(first ? "\"" : ",\"").append(kNames[i]).append("\"");
      first = false;
    }
    out->append("]");
    EndRow(out);
  }

  void AppendUrl(std::string_view kind, std::string_view path, std::string* out) {
    Row("url", out);
    out->append("\"kind\":\"").append(kind).append("\"");
    AppendText("url", options_.base + std::string(path), out);
    EndRow(out);
  }

  void AppendOthers(std::string* out) {
    AppendUrl("home", "/", out);
    AppendUrl("page", "/wzdt.html", out);
    AppendUrl("feed", "/rss.xml", out);
    AppendUrl("requisite", "/css/style.css", out);
    AppendUrl("requisite", "/js/common.js", out);
    AppendUrl("requisite", "/system/resource/js/dynclicks.js", out);
    AppendUrl("requisite", "/images/banner.png", out);
    AppendUrl("disallowed", "/nbzl/index.html", out);
    for (int i = 1; i <= 5; ++i) AppendUrl("disallowed", "/nbzl/" + std::to_string(i) + ".html", out);
  }

  const World& world_;
  const Pages& pages_;
  TruthOptions options_;
  Stage stage_ = Stage::kSite;
  size_t at_ = 0;
  bool first_ = true;
};

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  *out += '"';
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') {
      *out += '\\';
      *out += byte;
    } else if (byte == '\n') {
      out->append("\\n");
    } else if (static_cast<uint8_t>(byte) < 0x20 || static_cast<uint8_t>(byte) == 0x7F) {
      constexpr char kDigits[] = "0123456789abcdef";
      out->append("\\u00");
      *out += kDigits[static_cast<uint8_t>(byte) >> 4];
      *out += kDigits[static_cast<uint8_t>(byte) & 15];
    } else {
      *out += byte;
    }
  }
  *out += '"';
}

std::function<bool(std::string*)> MakeTruth(const World& world, const Pages& pages,
                                            const TruthOptions& options) {
  auto truth = std::make_shared<Truth>(world, pages, options);
  return [truth](std::string* out) { return truth->Next(out); };
}

}  // namespace fangzhi::portal
