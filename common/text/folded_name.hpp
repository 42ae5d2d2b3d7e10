#pragma once

#include <string>
#include <string_view>

namespace fedgram::text {

/// A name as it is compared with others, so that "Côte d'Ivoire", "COTE DIVOIRE" and "the Cote-d'Ivoire" are one: in
/// lower case, Latin letters without their accents, "&" as "and", without dots, apostrophes and a leading "the". What
/// else is no letter or digit is one space.
[[nodiscard]] std::string folded_name(std::string_view name);

}  // namespace fedgram::text
