// The portal's Chinese: a phrase grammar for an invented county (河西县). Simplified, UTF-8, every character
// in GBK and, once mapped to its traditional form, nearly all in Big5.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fangzhi::portal {

inline constexpr std::string_view kSiteName = "河西县人民政府";

enum class Genre { kNews, kNotice, kPolicy };

// Another revision of the same title is always another text.
std::string MakeTitle(Genre genre, uint64_t hash, uint32_t revision);
// Two to five sentences.
std::string MakeParagraph(Genre genre, uint64_t hash, bool opening);
std::string_view MakeSource(uint64_t hash, uint32_t revision);
std::string_view MakePerson(uint64_t hash);
std::string_view MakeOrganisation(uint64_t hash);
// Every text of the grammar in one string, for the conversion table's own test.
std::string WholeVocabulary();

}  // namespace fangzhi::portal
