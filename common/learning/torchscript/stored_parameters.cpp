#include "common/learning/torchscript/stored_parameters.hpp"

#include <cstring>
#include <string>

#include "common/files/files.hpp"
#include "common/learning/torchscript/stored_entries.hpp"

namespace fedgram::learning::torchscript {

std::vector<float> stored_parameters(const Model& model, const std::filesystem::path& path)
{
    const auto archive = files::read_file(path);
    const auto where = path.string();
    StoredEntries entries{archive, where};
    std::vector<float> parameters(model.parameters.size);
    const auto& slots = model.parameters.slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto entry = entries.next();
        if (!entry || entry->name != "model/data/" + std::to_string(i) ||
            entry->content.size() != slots[i].size * sizeof(float))
            entries.refuse("isn't a model of these layers that the native engine wrote");
        std::memcpy(parameters.data() + slots[i].offset, entry->content.data(), entry->content.size());
    }
    // What follows says how the model computes, which is a matter of its layers; but a file that isn't whole isn't
    // used.
    while (entries.next()) {
    }
    return parameters;
}

}  // namespace fedgram::learning::torchscript
