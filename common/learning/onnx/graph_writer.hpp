#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::onnx {

namespace wire {
class File;
}

using Extents = std::vector<std::int64_t>;

/// A node's own settings, in the order in which they are written.
using Attributes = std::vector<std::pair<std::string, std::variant<std::int64_t, Extents>>>;

/// The graph of a model while it grows. Nodes and constants are named by whoever adds them, each name once.
class GraphWriter {
public:
    explicit GraphWriter(const Model& model);
    ~GraphWriter();

    /// A constant tensor. Returns its name.
    std::string add_constant(const std::string& name, const Extents& shape, std::span<const float> values);
    std::string add_constant(const std::string& name, const Extents& shape, std::span<const std::uint8_t> values);
    std::string add_constant(const std::string& name, const Extents& shape, std::span<const std::int8_t> values);
    std::string add_constant(const std::string& name, const Extents& shape, std::span<const std::int32_t> values);
    std::string add_constant(const std::string& name, const Extents& shape, std::span<const std::int64_t> values);

    /// An operator of ONNX on these tensors. Returns the one that it gives, which has the node's name.
    std::string add_node(const std::string& kind, const std::string& name, const std::vector<std::string>& inputs,
                         const Attributes& attributes = {});

    void add_note(const std::string& key, const std::string& value);

    /// The file's bytes, with what the last node gives as the model's output. Throws SpecError for more than 2 GiB.
    [[nodiscard]] std::string finish();

private:
    template <class T>
    std::string add_tensor(const std::string& name, const Extents& shape, std::span<const T> values);

    const Model& model_;
    std::unique_ptr<wire::File> file_;
};

/// The names of what goes in and out.
inline const std::string input_name = "input";
inline const std::string output_name = "logits";

}  // namespace fedgram::learning::onnx
