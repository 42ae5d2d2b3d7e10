#include "common/net/certificate.hpp"

#include <openssl/x509v3.h>

#include <memory>

namespace fedgram::net {

namespace {

constexpr std::string_view scheme = "fedgram:nodes:";

}  // namespace

std::string node_names(const protocol::NodeSet& nodes)
{
    std::string names;
    for (const auto& range : nodes.ranges()) {
        protocol::NodeSet one;
        static_cast<void>(one.append(range));
        names += (names.empty() ? "URI:" : ",URI:") + std::string{scheme} + one.text();
    }
    return names;
}

protocol::NodeSet named_nodes(const X509* certificate)
{
    const std::unique_ptr<GENERAL_NAMES, decltype(&::GENERAL_NAMES_free)> names{
        static_cast<GENERAL_NAMES*>(::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        ::GENERAL_NAMES_free};
    std::string list;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* const name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_URI) continue;
        const auto* const uri = name->d.uniformResourceIdentifier;
        const std::string_view text{reinterpret_cast<const char*>(::ASN1_STRING_get0_data(uri)),
                                    static_cast<std::size_t>(::ASN1_STRING_length(uri))};
        if (!text.starts_with(scheme)) continue;
        if (!list.empty()) list += ',';
        list += text.substr(scheme.size());
    }
    return protocol::NodeSet::parse(list).value_or(protocol::NodeSet{});
}

}  // namespace fedgram::net
