// The yardstick for what the orchestration costs: FedAvg's SGD steps and evaluations in one plain LibTorch loop,
// written as anybody would write it (torch::nn modules, torch::optim::SGD, slices of preloaded tensors). Prints one
// JSON line.
#include <malloc.h>

#include <torch/torch.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <climits>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "datasets/readers/dataset.hpp"
#include "tests/bench/cpu_clock.hpp"

namespace {

using fedgram::bench::cpu_seconds_of;

constexpr std::int64_t evaluation_batch = 500;

struct Options {
    std::string model = "small-cnn";
    std::string dataset = "fashion-mnist";
    std::int64_t nodes = 10;
    std::optional<std::int64_t> cohort{};
    std::int64_t samples_per_node = 6'000;
    std::int64_t rounds = 1;
    std::int64_t evaluate_every = 1;
    std::int64_t batch = 32;
    double learning_rate = 0.01;
    double momentum = 0.9;
    bool malloc = false;
    std::optional<std::filesystem::path> data_folder{};
};

struct Images {
    torch::Tensor pixels;  // [N, channels, height, width], standardised
    torch::Tensor labels;  // [N]
};

/// A tensor of these sizes that borrows the bytes; LibTorch knows no tensor that only reads.
torch::Tensor borrowed(std::span<const std::uint8_t> bytes, at::IntArrayRef sizes)
{
    return torch::from_blob(const_cast<std::uint8_t*>(bytes.data()), sizes, torch::kUInt8);
}

Images images(const fedgram::datasets::Dataset& data, const fedgram::datasets::Split& split, std::int64_t count)
{
    const auto channel_values = [](const std::vector<float>& values) {
        return torch::tensor(values).view({static_cast<std::int64_t>(values.size()), 1, 1});
    };
    const bool grey = data.channels == 1;
    const auto mean = grey ? channel_values({0.2860F}) : channel_values({0.4914F, 0.4822F, 0.4465F});
    const auto deviation = grey ? channel_values({0.3530F}) : channel_values({0.2470F, 0.2435F, 0.2616F});
    const auto bytes = borrowed(split.pixels, {count, data.channels, data.height, data.width});
    return {bytes.to(torch::kFloat32).div_(255).sub_(mean).div_(deviation),
            borrowed(split.labels, {count}).to(torch::kInt64)};
}

torch::nn::Sequential convolutional(std::int64_t first, std::int64_t second, std::int64_t kernel, std::int64_t padding,
                                    std::int64_t flat, std::int64_t hidden)
{
    using namespace torch::nn;
    return Sequential(Conv2d(Conv2dOptions(1, first, kernel).padding(padding)), ReLU(), MaxPool2d(2),
                      Conv2d(Conv2dOptions(first, second, kernel).padding(padding)), ReLU(), MaxPool2d(2), Flatten(),
                      Linear(flat, hidden), ReLU(), Linear(hidden, 10));
}

/// Layers, and a sum with a shortcut of them.
struct ResidualImpl : torch::nn::Module {
    ResidualImpl(torch::nn::Sequential body_layers, torch::nn::Sequential shortcut_layers)
        : body{register_module("body", body_layers)}, shortcut{register_module("shortcut", shortcut_layers)}
    {
    }
    torch::Tensor forward(const torch::Tensor& x)
    {
        return torch::relu(body->forward(x) + (shortcut->is_empty() ? x : shortcut->forward(x)));
    }

    torch::nn::Sequential body;
    torch::nn::Sequential shortcut;
};
TORCH_MODULE(Residual);

torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1,
                              std::int64_t groups = 1)
{
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).groups(groups));
}

torch::nn::Sequential resnet_8()
{
    using namespace torch::nn;
    Sequential net(convolution(1, 16, 3), BatchNorm2d(16), ReLU());
    std::int64_t in = 16;
    for (const std::int64_t channels : {16, 32, 64}) {
        const std::int64_t stride = channels == 16 ? 1 : 2;
        net->push_back(Residual{Sequential(convolution(in, channels, 3, stride), BatchNorm2d(channels), ReLU(),
                                           convolution(channels, channels, 3), BatchNorm2d(channels)),
                                stride == 1 ? Sequential() : Sequential(convolution(in, channels, 1, stride))});
        in = channels;
    }
    net->push_back(AdaptiveAvgPool2d(1));
    net->push_back(Flatten());
    net->push_back(Linear(64, 10));
    return net;
}

void add_block(torch::nn::Sequential& net, torch::nn::Conv2d convolution, std::int64_t channels)
{
    net->push_back(convolution);
    net->push_back(torch::nn::BatchNorm2d(channels));
    net->push_back(torch::nn::ReLU());
}

torch::nn::Sequential ds_cnn()
{
    using namespace torch::nn;
    Sequential net;
    add_block(net, convolution(1, 64, 3, 2), 64);
    net->push_back(Dropout(0.2));
    for (int block = 0; block < 4; ++block) {
        add_block(net, convolution(64, 64, 3, 1, 64), 64);
        add_block(net, convolution(64, 64, 1), 64);
    }
    net->push_back(Dropout(0.4));
    net->push_back(AdaptiveAvgPool2d(1));
    net->push_back(Flatten());
    net->push_back(Linear(64, 10));
    return net;
}

torch::nn::Sequential mobilenet_v1_025()
{
    using namespace torch::nn;
    Sequential net;
    add_block(net, convolution(1, 8, 3, 2), 8);
    std::int64_t in = 8;
    struct Block {
        std::int64_t channels;
        std::int64_t stride;
    };
    for (const auto& [out, stride] :
         {Block{16, 1}, Block{32, 2}, Block{32, 1}, Block{64, 2}, Block{64, 1}, Block{128, 2}, Block{128, 1},
          Block{128, 1}, Block{128, 1}, Block{128, 1}, Block{128, 1}, Block{256, 2}, Block{256, 1}}) {
        add_block(net, convolution(in, in, 3, stride, in), in);
        add_block(net, convolution(in, out, 1), out);
        in = out;
    }
    net->push_back(AdaptiveAvgPool2d(1));
    net->push_back(Flatten());
    net->push_back(Linear(256, 10));
    return net;
}

torch::nn::Sequential make_model(const std::string& name)
{
    using namespace torch::nn;
    if (name == "resnet-8") return resnet_8();
    if (name == "ds-cnn") return ds_cnn();
    if (name == "mobilenet-v1-025") return mobilenet_v1_025();
    if (name == "small-cnn") return convolutional(16, 32, 3, 1, 32 * 7 * 7, 128);
    if (name == "mcmahan-cnn") return convolutional(32, 64, 5, 2, 64 * 7 * 7, 512);
    if (name == "workload-a-cnn") return convolutional(32, 64, 5, 0, 64 * 4 * 4, 512);
    if (name == "pfl-simple-cnn")
        return Sequential(Conv2d(3, 32, 3), ReLU(), Conv2d(32, 64, 3), ReLU(), MaxPool2d(2), Flatten(),
                          Linear(64 * 14 * 14, 128), ReLU(), Linear(128, 10));
    return Sequential(Flatten(), Linear(784, 32), ReLU(), Linear(32, 10));
}

// Local training of one node: one epoch over its samples in a fresh order.
void train(torch::nn::Sequential& model, const torch::Tensor& images, const torch::Tensor& labels,
           const Options& options)
{
    model->train();
    torch::optim::SGD optimizer(model->parameters(),
                                torch::optim::SGDOptions(options.learning_rate).momentum(options.momentum));
    const auto order = torch::randperm(images.size(0));
    for (std::int64_t first = 0; first < images.size(0); first += options.batch) {
        const auto batch = order.slice(0, first, first + options.batch);
        optimizer.zero_grad();
        auto loss = torch::nn::functional::cross_entropy(model->forward(images.index_select(0, batch)),
                                                         labels.index_select(0, batch));
        loss.backward();
        optimizer.step();
    }
}

std::int64_t correct_of(torch::nn::Sequential& model, const torch::Tensor& images, const torch::Tensor& labels)
{
    const torch::NoGradGuard no_grad;
    model->eval();
    std::int64_t correct = 0;
    for (std::int64_t first = 0; first < images.size(0); first += evaluation_batch) {
        const auto logits = model->forward(images.slice(0, first, first + evaluation_batch));
        correct += logits.argmax(1).eq(labels.slice(0, first, first + evaluation_batch)).sum().item<std::int64_t>();
    }
    return correct;
}

void copy(const std::vector<torch::Tensor>& from, const std::vector<torch::Tensor>& to)
{
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < from.size(); ++i) to[i].copy_(from[i]);
}

void run(const Options& options)
{
    torch::set_num_threads(1);
    torch::manual_seed(1);
    const auto dataset = fedgram::datasets::load({.dataset = options.dataset}, options.data_folder);
    const auto held = options.nodes * options.samples_per_node;
    if (held > static_cast<std::int64_t>(dataset.train.size()))
        throw fedgram::SpecError{options.dataset + " has " + std::to_string(dataset.train.size()) +
                                 " training samples; --nodes and --samples-per-node ask for " + std::to_string(held)};
    const auto train_set = images(dataset, dataset.train, held);
    const auto test_set = images(dataset, dataset.test, static_cast<std::int64_t>(dataset.test.size()));

    auto global = make_model(options.model);
    auto local = make_model(options.model);
    const auto cohort = options.cohort.value_or(options.nodes);
    std::int64_t correct = 0;
    std::int64_t evaluations = 0;
    double train_seconds = 0;
    double evaluate_seconds = 0;
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t round = 0; round < options.rounds; ++round) {
        std::vector<torch::Tensor> sum;
        for (const auto& parameter : global->parameters()) sum.push_back(torch::zeros_like(parameter));
        const auto nodes = torch::randperm(options.nodes);
        for (std::int64_t member = 0; member < cohort; ++member) {
            const std::int64_t first = nodes[member].item<std::int64_t>() * options.samples_per_node;
            copy(global->parameters(), local->parameters());
            train_seconds += cpu_seconds_of([&] {
                train(local, train_set.pixels.slice(0, first, first + options.samples_per_node),
                      train_set.labels.slice(0, first, first + options.samples_per_node), options);
            });
            const torch::NoGradGuard no_grad;
            const auto parameters = local->parameters();
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i].add_(parameters[i], 1.0 / static_cast<double>(cohort));
        }
        copy(sum, global->parameters());
        if ((round + 1) % options.evaluate_every != 0 && round + 1 != options.rounds) continue;
        evaluate_seconds += cpu_seconds_of([&] { correct = correct_of(global, test_set.pixels, test_set.labels); });
        ++evaluations;
    }
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto trained = static_cast<double>(options.rounds * cohort * options.samples_per_node);
    const auto evaluated = static_cast<double>(evaluations * test_set.labels.size(0));
    std::printf(
        "{\"model\": \"%s\", \"nodes\": %lld, \"samples_per_node\": %lld, \"rounds\": %lld, \"batch\": %lld, "
        "\"malloc_tuned\": %s, \"cpu_seconds\": %.3f, \"wall_seconds_per_round\": %.4f, "
        "\"train_samples_per_cpu_second\": %.0f, \"evaluate_samples_per_cpu_second\": %.0f, \"accuracy\": %.4f}\n",
        options.model.c_str(), static_cast<long long>(options.nodes), static_cast<long long>(options.samples_per_node),
        static_cast<long long>(options.rounds), static_cast<long long>(options.batch),
        options.malloc ? "true" : "false", fedgram::bench::cpu_seconds(), wall / static_cast<double>(options.rounds),
        trained / train_seconds, evaluated / evaluate_seconds,
        static_cast<double>(correct) / static_cast<double>(test_set.labels.size(0)));
}

}  // namespace

int main(int argc, char** argv)
{
    Options options;
    CLI::App app{"FedAvg's steps and evaluations in one plain LibTorch loop: CPU seconds as JSON",
                 "fedgram-plain-loop"};
    app.add_option("--model", options.model, "built-in model")
        ->check(CLI::IsMember({"small-cnn", "mcmahan-cnn", "workload-a-cnn", "mlp-32", "pfl-simple-cnn", "resnet-8",
                               "ds-cnn", "mobilenet-v1-025"}))
        ->capture_default_str();
    app.add_option("--dataset", options.dataset, "of the shapes that the model takes")->capture_default_str();
    app.add_option("--nodes", options.nodes, "nodes")->capture_default_str();
    app.add_option("--cohort", options.cohort, "nodes in each round; all by default");
    app.add_option("--samples-per-node", options.samples_per_node, "training samples of each node")
        ->capture_default_str();
    app.add_option("--rounds", options.rounds, "rounds of one local epoch")->capture_default_str();
    app.add_option("--evaluate-every", options.evaluate_every, "rounds between evaluations on the test set")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--batch", options.batch, "batch size")->capture_default_str();
    app.add_option("--lr", options.learning_rate, "learning rate")->capture_default_str();
    app.add_option("--momentum", options.momentum, "momentum")->capture_default_str();
    app.add_option("--data-dir", options.data_folder, "folder of the dataset's files");
    app.add_flag("--malloc", options.malloc, "keep freed memory in the process, as Fedgram's engine does");
    CLI11_PARSE(app, argc, argv);
    if (options.malloc) {
        mallopt(M_MMAP_THRESHOLD, 1 << 30);
        mallopt(M_TRIM_THRESHOLD, INT_MAX);
    }
    return fedgram::exit_code_of("fedgram-plain-loop", [&] { run(options); });
}
