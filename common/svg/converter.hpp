#pragma once

#include <string>

namespace fedgram::svg {

/// What the module of librsvg_conversion.cpp holds under the name fedgram_svg_converter. Each takes an SVG document and
/// throws SystemError where librsvg or Cairo fail.
struct Converter {
    std::string (*pdf)(const std::string& document);
    std::string (*png)(const std::string& document);
};

}  // namespace fedgram::svg
