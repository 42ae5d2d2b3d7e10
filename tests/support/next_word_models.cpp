#include "tests/support/next_word_models.hpp"

#include <torch/script.h>

#include <cmath>
#include <map>
#include <vector>

namespace fedgram::test {

namespace {

constexpr std::int64_t words = 64;
constexpr std::int64_t window = 8;
constexpr std::int64_t features = 16;
constexpr std::int64_t hidden = 64;

struct Source {
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> parameters;
    std::string forward;
};

// 4 and 6 are torch.int64 and torch.float32.
const std::string numbers = "def forward(self, x):\n    x = torch.to(torch.flatten(x, 1), 4)\n";
const std::string one_hot = numbers + "    x = torch.to(torch.flatten(torch.one_hot(x, 64), 1), 6)\n";
const std::string out = "    return torch.linear(x, self.out_weight, self.out_bias)\n";

const std::map<std::string, Source> sources{
    {"linear", {{{"out_weight", {words, window* words}}, {"out_bias", {words}}}, one_hot + out}},
    {"mlp",
     {{{"weight", {hidden, window* words}}, {"bias", {hidden}}, {"out_weight", {words, hidden}}, {"out_bias", {words}}},
      one_hot + "    x = torch.relu(torch.linear(x, self.weight, self.bias))\n" + out}},
    {"embedding",
     {{{"table", {words, features}},
       {"weight", {hidden, window* features}},
       {"bias", {hidden}},
       {"out_weight", {words, hidden}},
       {"out_bias", {words}}},
      numbers + R"(
    x = torch.flatten(torch.embedding(self.table, x), 1)
    x = torch.tanh(torch.linear(x, self.weight, self.bias))
)" + out}},
    {"gru",
     {{{"table", {words, features}},
       {"weight_ih", {3 * hidden, features}},
       {"weight_hh", {3 * hidden, hidden}},
       {"bias_ih", {3 * hidden}},
       {"bias_hh", {3 * hidden}},
       {"out_weight", {words, hidden}},
       {"out_bias", {words}}},
      numbers + R"(
    x = torch.embedding(self.table, x)
    first = torch.zeros([1, torch.size(x, 0), 64])
    parameters = [self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh]
    x = torch.select(torch.gru(x, first, parameters, True, 1, 0.0, self.training, False, True)[0], 1, -1)
)" + out}}};

}  // namespace

void write_next_word_model(const std::string& name, const std::filesystem::path& path)
{
    const auto& source = sources.at(name);
    torch::jit::Module module{"__torch__.NextWord"};
    module.register_attribute("training", c10::BoolType::get(), true);
    torch::manual_seed(1);
    for (const auto& [parameter, sizes] : source.parameters) {
        const double bound = parameter == "table" ? 1 : 1 / std::sqrt(static_cast<double>(sizes.back()));
        module.register_parameter(parameter, torch::empty(sizes).uniform_(-bound, bound).requires_grad_(), false);
    }
    module.define(source.forward);
    module.save(path.string());
}

}  // namespace fedgram::test
