#include "experiments/commands/input_shape.hpp"

#include <charconv>
#include <string_view>

#include "common/error/error.hpp"

namespace fedgram::experiments {

learning::Shape input_shape(const std::optional<std::string>& input, const std::optional<std::uint32_t>& classes)
{
    learning::Shape shape;
    shape.classes = classes.value_or(shape.classes);
    if (!input) return shape;
    std::string_view rest = *input;
    bool valid = true;
    for (auto* size : {&shape.channels, &shape.height, &shape.width}) {
        if (size != &shape.channels) {
            valid = valid && rest.starts_with('x');
            rest.remove_prefix(valid ? 1 : 0);
        }
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), *size);
        valid = valid && error == std::errc{} && *size > 0;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    }
    if (!valid || !rest.empty())
        throw SpecError{"--input: \"" + *input +
                        "\" is no size of a sample; give channels, height and width, as in 3x32x32"};
    return shape;
}

std::string input_shape_text(const learning::Shape& shape)
{
    return "Samples of " + std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
           std::to_string(shape.width) + ", " + std::to_string(shape.classes) + " classes.\n";
}

}  // namespace fedgram::experiments
