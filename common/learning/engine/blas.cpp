#include "common/learning/engine/blas.hpp"

#include <string_view>
#include <vector>

namespace fedgram::learning {

std::string blas_in_maps(std::istream& maps)
{
    std::vector<std::string> paths;
    for (std::string line; std::getline(maps, line);)
        if (const auto slash = line.find('/'); slash != std::string::npos) paths.push_back(line.substr(slash));
    // libblas.so.3 first: it is what LibTorch calls, whatever else other libraries load.
    for (const std::string_view name : {"/libblas.", "/libopenblas", "/libblis", "/libmkl_"})
        for (const auto& path : paths)
            if (std::string_view{path}.substr(path.rfind('/')).starts_with(name)) return path;
    return "none";
}

bool is_reference_blas(const std::string& path) { return path.find("/blas/libblas.") != std::string::npos; }

}  // namespace fedgram::learning
