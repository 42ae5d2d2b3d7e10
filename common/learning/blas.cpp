#include "common/learning/blas.hpp"

#include <array>
#include <string_view>

namespace fedgram::learning {

std::string blas_in_maps(std::istream& maps)
{
    constexpr std::array<std::string_view, 4> names{"/libblas.", "/libopenblas", "/libblis", "/libmkl_"};
    std::string line;
    while (std::getline(maps, line)) {
        const std::size_t slash = line.find('/');
        if (slash == std::string::npos) continue;
        const std::string_view file = std::string_view{line}.substr(line.rfind('/'));
        for (const auto name : names)
            if (file.starts_with(name)) return line.substr(slash);
    }
    return "none";
}

bool is_reference_blas(const std::string& path) { return path.find("/blas/libblas.") != std::string::npos; }

}  // namespace fedgram::learning
