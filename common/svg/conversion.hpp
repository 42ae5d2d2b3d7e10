#pragma once

#include <string>

// An SVG document in forms that other programs take, by librsvg and Cairo, which are in a module
// that is opened at the first use. Both throw SystemError where these fail, or the module isn't there.
namespace fedgram::svg {

/// A page as large as the image. Texts stay texts, in a font that is embedded.
[[nodiscard]] std::string pdf(const std::string& document);

/// At 600 dots per inch, which journals ask of line art.
[[nodiscard]] std::string png(const std::string& document);

}  // namespace fedgram::svg
