#include "store/capture_records.h"

#include <utility>

#include "base/digest.h"
#include "base/strings.h"
#include "http/http.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::store {
namespace {

using model::Capture;
using warc::Record;

constexpr std::string_view kResponseType = "application/http;msgtype=response";
constexpr std::string_view kRequestType = "application/http;msgtype=request";
constexpr std::string_view kMetadataType = "application/json";

std::string OneLine(std::string_view text) {
  std::string line(TrimAscii(text));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return line;
}

std::string ResolveLocation(const std::string& page, std::string_view location) {
  const Result<url::Url> base = url::Parse(page);
  const Result<url::Url> target = url::Parse(location, base ? &*base : nullptr);
  return target ? target->HrefWithoutFragment() : OneLine(location);
}

void ReadHead(std::string_view head, CaptureFacts& facts) {
  const Result<http::ResponseHead> parsed = http::ParseResponseHead(head);
  if (!parsed) return;
  const auto field = [&parsed](std::string_view name) {
    return std::string(parsed->fields.Get(name).value_or(std::string_view()));
  };
  if (facts.status == 0) facts.status = parsed->status;
  facts.content_type = field("Content-Type");
  facts.etag = field("ETag");
  facts.last_modified = field("Last-Modified");
  if (facts.status < 300 || facts.status >= 400) return;
  const std::string location = field("Location");
  if (!location.empty()) facts.location_field = ResolveLocation(facts.url, location);
}

// What the records name: the address that was asked, of a POST without the key's addition.
const std::string& TargetOf(const CaptureFacts& facts) { return facts.target.empty() ? facts.url : facts.target; }

// Whether the archive holds anything of a response.
bool HasResponseRecord(const Capture& capture) {
  return model::HasResponse(capture.outcome) && !(capture.response_head.empty() && capture.payload.empty());
}

}  // namespace

std::string TargetUri(std::string_view url) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string safe;
  safe.reserve(url.size());
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F) {
      safe.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    } else {
      safe.push_back(c);
    }
  }
  return text::IsValidUtf8(safe) ? safe : text::ScrubUtf8(safe);
}

namespace {

// Whether a request asked for the page only if it had changed: only then does a 304 say that it has not.
bool IsConditional(std::string_view request_head) {
  return FindIgnoreAsciiCase(request_head, "\r\nIf-None-Match:") != std::string_view::npos ||
         FindIgnoreAsciiCase(request_head, "\r\nIf-Modified-Since:") != std::string_view::npos;
}

}  // namespace

void CompleteFacts(const Capture& capture, const UrlEntry* known, CaptureFacts& facts) {
  facts.url = TargetUri(capture.url);
  facts.target = capture.target.empty() ? std::string() : TargetUri(capture.target);
  facts.time = capture.began;
  facts.outcome = capture.outcome;
  facts.error = OneLine(capture.error);
  facts.duration = capture.duration;
  facts.status = 0;
  const std::string known_digest = std::exchange(facts.payload_digest, {});
  facts.payload_bytes = 0;
  facts.not_modified = facts.identical = false;
  facts.content_type.clear();
  facts.etag.clear();
  facts.last_modified.clear();
  const std::string leads_on = std::exchange(facts.location_field, {});
  facts.response = facts.metadata = {};
  facts.response_id.clear();
  if (model::HasResponse(capture.outcome)) {
    facts.status = capture.status;
    if (!capture.response_head.empty()) ReadHead(capture.response_head, facts);
    if (facts.status >= 200 && facts.status < 300) facts.location_field = OneLine(leads_on);
  }
  if (HasResponseRecord(capture)) {
    facts.payload_bytes = capture.payload.size();
    facts.payload_digest = known_digest.empty() ? Sha256Label(capture.payload) : known_digest;
    const bool can_refer = known != nullptr && known->payload.length != 0;
    facts.not_modified = facts.status == 304 && IsConditional(capture.request_head);
    if (facts.not_modified) {
      if (can_refer) facts.payload_digest = known->payload_digest;
    } else {
      facts.identical = can_refer && capture.outcome == model::FetchOutcome::kResponse &&
                        !capture.response_head.empty() && facts.payload_bytes > 0 &&
                        facts.payload_digest == known->payload_digest;
    }
  }
  // A revisit of what the current version was made from has nothing new to say. Elsewhere the record stays: it may be the first of a
  // page whose bytes were not understood before, or tell why these bytes are no content.
  if (facts.identical && known->payload_version != 0 && facts.purpose == Purpose::kPage && facts.absence.empty() &&
      facts.record && facts.record->kind != model::PageKind::kError) {
    facts.clicks = facts.record->clicks;
    const auto basis = facts.record->provenance.find("clicks");
    facts.clicks_basis = basis != facts.record->provenance.end() && facts.clicks ? basis->second : "";
    facts.record.reset();
  }
  MakeWellFormed(facts);
}

std::vector<Record> ExchangeRecords(Capture& capture, const UrlEntry* known, CaptureFacts& facts) {
  std::vector<Record> records;
  if (!HasResponseRecord(capture)) return records;
  Record response;
  response.id = NewUuidUrn();
  response.date = facts.time;
  facts.response_id = response.id;
  const auto add = [&response](std::string_view name, std::string value) {
    response.fields.push_back({std::string(name), std::move(value)});
  };
  add("WARC-Target-URI", TargetOf(facts));
  if (!capture.remote_address.empty()) add("WARC-IP-Address", capture.remote_address);
  const bool refers = facts.identical || (facts.not_modified && known != nullptr && known->payload.length != 0);
  if (refers) {
    response.type = "revisit";
    add("WARC-Profile", std::string(facts.identical ? warc::kRevisitIdentical : warc::kRevisitNotModified));
    add("WARC-Refers-To", InBrackets(known->payload_record_id));
    add("WARC-Refers-To-Target-URI", TargetOf(facts));
    add("WARC-Refers-To-Date", FormatWarcDate(known->payload_time));
    add("WARC-Payload-Digest", facts.payload_digest);
    if (facts.identical) add("WARC-Truncated", "length");
    add("Content-Type", std::string(kResponseType));
    response.block =
        facts.identical ? http::RewriteHeadForArchive(capture.response_head, facts.payload_bytes) : capture.response_head;
  } else {
    add("WARC-Payload-Digest", facts.payload_digest);
    if (capture.outcome == model::FetchOutcome::kTruncated || capture.truncation != model::Truncation::kNone) {
      const std::string_view reason = model::TruncationName(capture.truncation);
      add("WARC-Truncated", std::string(reason.empty() ? "unspecified" : reason));
    }
    if (capture.response_head.empty()) {
      response.type = "resource";
      add("Content-Type", facts.content_type.empty() ? "application/octet-stream" : OneLine(facts.content_type));
      response.block = std::move(capture.payload);
    } else {
      response.type = "response";
      add("Content-Type", std::string(kResponseType));
      // In place: a body may be hundreds of megabytes.
      response.block = std::move(capture.payload);
      response.block.insert(0, http::RewriteHeadForArchive(capture.response_head, facts.payload_bytes));
    }
  }
  records.push_back(std::move(response));
  if (!capture.request_head.empty()) {
    Record request;
    request.type = "request";
    request.id = NewUuidUrn();
    request.date = facts.time;
    request.fields.push_back({"WARC-Target-URI", TargetOf(facts)});
    if (!capture.remote_address.empty()) request.fields.push_back({"WARC-IP-Address", capture.remote_address});
    request.fields.push_back({"WARC-Concurrent-To", InBrackets(facts.response_id)});
    request.fields.push_back({"Content-Type", std::string(kRequestType)});
    request.block = std::move(capture.request_head);
    request.block += capture.request_body;
    records.push_back(std::move(request));
  }
  return records;
}

Record MetadataRecord(const CaptureFacts& facts, const std::string& concurrent_to) {
  Record metadata;
  metadata.type = "metadata";
  metadata.id = NewUuidUrn();
  metadata.date = facts.time;
  metadata.fields.push_back({"WARC-Target-URI", TargetOf(facts)});
  if (!concurrent_to.empty()) metadata.fields.push_back({"WARC-Concurrent-To", InBrackets(concurrent_to)});
  metadata.fields.push_back({"Content-Type", std::string(kMetadataType)});
  metadata.block = MetadataBlock(facts);
  return metadata;
}

Result<std::optional<CaptureFacts>> CaptureAssembler::Take(uint32_t file, const warc::Reader::Item& item) {
  const Record& record = item.record;
  if (record.type == "response" || record.type == "revisit" || record.type == "resource") {
    if (pending_) ++incomplete_;
    pending_ = Pending{record.id, {file, item.offset, item.length}};
    return std::optional<CaptureFacts>();
  }
  if (record.type != "metadata") return std::optional<CaptureFacts>();
  const std::optional<std::string_view> type = record.Field("Content-Type");
  if (!type || http::ParseContentType(*type).essence != kMetadataType) return std::optional<CaptureFacts>();
  FZ_ASSIGN(CaptureFacts facts, FactsFromMetadata(record.block));
  std::string target(record.Field("WARC-Target-URI").value_or(std::string_view()));
  // A POST is known by its key, which the block states.
  (facts.url.empty() ? facts.url : facts.target) = std::move(target);
  if (TargetOf(facts).empty()) return Fail(ErrorKind::kCorrupt, "metadata record without WARC-Target-URI");
  facts.time = record.date;
  facts.metadata = {file, item.offset, item.length};
  const std::optional<std::string_view> concurrent = record.Field("WARC-Concurrent-To");
  if (concurrent && pending_ && WithoutBrackets(*concurrent) == pending_->id) {
    facts.response = pending_->location;
    facts.response_id = pending_->id;
    pending_.reset();
  }
  return std::optional<CaptureFacts>(std::move(facts));
}

std::string InBrackets(const std::string& id) { return "<" + id + ">"; }

std::string_view WithoutBrackets(std::string_view id) {
  if (id.size() >= 2 && id.front() == '<' && id.back() == '>') return id.substr(1, id.size() - 2);
  return id;
}

}  // namespace fangzhi::store
