// The backend cpp-backend of the Class Rectification Loss, in C++17 with nothing but the standard library.
//
//     c++ -std=c++17 -O2 -o cpp_backend cpp_backend.cpp
//     crl verify --command ./cpp_backend
//
// It passes the property suite as it stands. Replace one stage, verify, and continue with the next. It computes the
// relative comparison at class level of categorical attributes; what `supports` does not name is reported as skipped.
//
// It reads one question per line of standard input and writes one answer per line of standard output, as
// docs/protocol.md describes. Print to standard error if you want to see something.
//
// Symbols: n samples, J attributes, S score columns.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

const std::string NAME = "cpp-backend";

// TODO: add what you compute, and say "float32" if you compute in it: tolerances are derived from this. A stage that
// you do not have goes into "missing": {"formTriplets": "reason"}, and out of ANSWERS.
const std::string SUPPORTS = R"({"encodings": ["categorical"], "levels": ["class"], "comparisons": ["relative"],
  "gradient": true, "precision": "float64"})";
const std::string ANSWERS = R"(["selectMinority", "mineHardSamples", "formTriplets", "rectificationLoss"])";

// L_ce of a probability p uses log max(p, 1e-7)
const double SMALLEST_PROBABILITY = 1e-7;

struct Batch {
  int size;                     // n
  std::vector<int> attributes;  // K_j, the number of classes of each attribute
  std::vector<int> first;       // the first score column of each attribute
  std::vector<int> labels;      // n×J class indices, −1 for unlabelled
  std::vector<double> scores;   // n×S probabilities or logits
  bool from_logits;

  int width() const { return first.back() + attributes.back(); }  // S
  int label(int sample, int attribute) const { return labels[sample * attributes.size() + attribute]; }
  double score(int sample, int attribute, int k) const { return scores[at(sample, attribute, k)]; }
  std::size_t at(int sample, int attribute, int k) const {
    return std::size_t(sample) * width() + first[attribute] + k;
  }
};

struct Selection {
  std::vector<std::vector<int>> profile;   // of each attribute the sizes of its classes
  std::vector<std::vector<int>> minority;  // of each attribute its surviving minority classes, ascending
};

struct Anchor {
  int sample, attribute, k;
  std::vector<int> positives, negatives;
};

using Triplet = std::array<std::int32_t, 5>;  // anchor, positive, negative, attribute, class

struct Loss {
  double value;
  std::vector<double> gradient;  // n×S
};

// The batch with its logits turned into probabilities, which class level ranks.
Batch to_probabilities(Batch batch) {
  if (!batch.from_logits) return batch;
  for (int i = 0; i < batch.size; i++) {
    for (std::size_t j = 0; j < batch.attributes.size(); j++) {
      double* row = &batch.scores[batch.at(i, j, 0)];
      const double largest = *std::max_element(row, row + batch.attributes[j]);
      double total = 0;
      for (int k = 0; k < batch.attributes[j]; k++) total += row[k] = std::exp(row[k] - largest);
      for (int k = 0; k < batch.attributes[j]; k++) row[k] /= total;
    }
  }
  batch.from_logits = false;
  return batch;
}

// Eq. 3: the sizes of the classes in the batch, and the minority classes that survive.
Selection select_minority(const Batch& batch, double rho) {
  // TODO: yours
  Selection found;
  for (std::size_t j = 0; j < batch.attributes.size(); j++) {
    std::vector<int> sizes(batch.attributes[j]), order, minority;
    int labelled = 0, held = 0;
    for (int i = 0; i < batch.size; i++) {
      if (batch.label(i, j) < 0) continue;
      sizes[batch.label(i, j)]++;
      labelled++;
    }
    for (int k = 0; k < batch.attributes[j]; k++) order.push_back(k);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return sizes[a] < sizes[b]; });
    for (int k : order) {
      held += sizes[k];
      if (held <= rho * labelled && sizes[k] > 1) minority.push_back(k);
    }
    std::sort(minority.begin(), minority.end());
    found.profile.push_back(sizes);
    found.minority.push_back(minority);
  }
  return found;
}

// The κ samples of the highest hardness, hardest first; of equally hard ones, those of the lower index.
template <typename Hardness>
std::vector<int> hardest(std::vector<int> samples, std::size_t kappa, Hardness hardness) {
  std::stable_sort(samples.begin(), samples.end(), [&](int a, int b) {
    const double of_a = hardness(a), of_b = hardness(b);
    return of_a > of_b || (std::isnan(of_b) && !std::isnan(of_a));  // NaN comes last: a sort needs an order
  });
  samples.resize(std::min(kappa, samples.size()));
  return samples;
}

// Eq. 4 and 5: anchors, ordered by attribute, class, sample, with their hard samples.
std::vector<Anchor> mine_hard_samples(const Batch& batch, const std::vector<std::vector<int>>& minority,
                                      std::size_t kappa) {
  // TODO: yours. The minority classes are the specification's, so that a fault of select_minority shows once
  std::vector<Anchor> anchors;
  for (std::size_t j = 0; j < minority.size(); j++) {
    for (int k : minority[j]) {
      std::vector<int> members, others;
      for (int i = 0; i < batch.size; i++) {
        if (batch.label(i, j) == k) members.push_back(i);
        else if (batch.label(i, j) >= 0) others.push_back(i);
      }
      const auto score = [&](int i) { return batch.score(i, j, k); };
      const auto negatives = hardest(others, kappa, score);
      for (int sample : members) {
        std::vector<int> companions = members;
        companions.erase(std::find(companions.begin(), companions.end(), sample));
        const auto positives = hardest(companions, kappa, [&](int i) { return -score(i); });
        anchors.push_back({sample, int(j), k, positives, negatives});
      }
    }
  }
  return anchors;
}

// Anchors, then positives, then negatives.
std::vector<Triplet> form_triplets(const std::vector<Anchor>& anchors) {
  // TODO: yours, or declare it missing
  std::vector<Triplet> triplets;
  for (const Anchor& a : anchors)
    for (int positive : a.positives)
      for (int negative : a.negatives) triplets.push_back({a.sample, positive, negative, a.attribute, a.k});
  return triplets;
}

// Eq. 9 and 10: the mean over all triplets of max(0, m + |p_a − p_+| − (p_a − p_−)), and its gradient.
Loss rectification_loss(const Batch& batch, const std::vector<Triplet>& triplets,
                        const std::vector<double>& margin) {
  // TODO: yours
  Loss found{0, std::vector<double>(batch.scores.size())};
  for (const auto& [anchor, positive, negative, j, k] : triplets) {
    const double nearer = batch.score(anchor, j, k) - batch.score(positive, j, k);
    const double farther = batch.score(anchor, j, k) - batch.score(negative, j, k);
    const double excess = (margin[j] + std::abs(nearer)) - farther;
    if (excess <= 0) continue;  // NaN is added, so that it shows
    const double sign = (nearer > 0) - (nearer < 0);  // the derivative of |x| at 0 is 0
    found.value += excess / triplets.size();
    found.gradient[batch.at(anchor, j, k)] += (sign - 1) / triplets.size();
    found.gradient[batch.at(positive, j, k)] -= sign / triplets.size();
    found.gradient[batch.at(negative, j, k)] += 1.0 / triplets.size();
  }
  return found;
}

// Eq. 2: the mean cross entropy, and its gradient with respect to the scores as given.
Loss cross_entropy(const Batch& batch, const Batch& probable) {
  Loss found{0, std::vector<double>(batch.scores.size())};
  for (int i = 0; i < batch.size; i++) {
    for (std::size_t j = 0; j < batch.attributes.size(); j++) {
      const int label = batch.label(i, j);
      if (label < 0) continue;
      const double p = probable.score(i, j, label);
      if (batch.from_logits) {
        const double* row = &batch.scores[batch.at(i, j, 0)];
        const double largest = *std::max_element(row, row + batch.attributes[j]);
        double total = 0;
        for (int k = 0; k < batch.attributes[j]; k++) {
          total += std::exp(row[k] - largest);
          found.gradient[batch.at(i, j, k)] = (probable.score(i, j, k) - (k == label)) / batch.size;
        }
        found.value += (std::log(total) + largest - row[label]) / batch.size;
      } else {
        found.value -= std::log(std::max(p, SMALLEST_PROBABILITY)) / batch.size;
        if (p > SMALLEST_PROBABILITY) found.gradient[batch.at(i, j, label)] = -1 / p / batch.size;
      }
    }
  }
  return found;
}

// A gradient with respect to probabilities, taken back to the logits that they came from.
std::vector<double> through_probabilities(const Batch& probable, std::vector<double> slope) {
  for (int i = 0; i < probable.size; i++) {
    for (std::size_t j = 0; j < probable.attributes.size(); j++) {
      double mean = 0;
      for (int k = 0; k < probable.attributes[j]; k++)
        mean += slope[probable.at(i, j, k)] * probable.score(i, j, k);
      for (int k = 0; k < probable.attributes[j]; k++) {
        double& own = slope[probable.at(i, j, k)];
        own = probable.score(i, j, k) * (own - mean);
      }
    }
  }
  return slope;
}

// What follows reads questions and writes answers. It need not be changed until the backend can do more.

[[noreturn]] void refuse(const std::string& where, const std::string& expected, const std::string& got) {
  throw std::runtime_error(where + ": expected " + expected + ", got " + got);
}

// Refuses a number of a question that would be an index outside a list.
void check_index(const std::string& where, int index, int first, std::size_t end) {
  if (index < first || index >= std::ptrdiff_t(end))
    refuse(where, "a whole number from " + std::to_string(first) + " to " + std::to_string(std::ptrdiff_t(end) - 1),
           std::to_string(index));
}

void check_count(const std::string& where, std::size_t expected, std::size_t got) {
  if (got != expected) refuse(where, "length " + std::to_string(expected), std::to_string(got));
}

struct Json {
  std::string text;  // of a string; of a number or a word as it is written
  std::vector<Json> list;
  std::map<std::string, Json> fields;

  const Json& operator[](const std::string& name) const {
    const auto found = fields.find(name);
    if (found == fields.end()) refuse("question", "a field " + name, "none");
    return found->second;
  }
  double number() const { return std::strtod(text.c_str(), nullptr); }
  template <typename T>
  std::vector<T> numbers() const {
    std::vector<T> found;
    for (const Json& one : list) found.push_back(T(one.number()));
    return found;
  }
};

class Parser {
 public:
  explicit Parser(const std::string& line) : at_(line.c_str()) {}

  Json value() {
    Json found;
    const char opened = peek();
    if (opened == '"') {
      found.text = string();
    } else if (opened == '[') {
      for (take('['); peek() != ']'; peek() == ',' ? take(',') : void()) found.list.push_back(value());
      take(']');
    } else if (opened == '{') {
      for (take('{'); peek() != '}'; peek() == ',' ? take(',') : void()) {
        const std::string name = string();
        take(':');
        found.fields[name] = value();
      }
      take('}');
    } else {
      while (*at_ && !std::strchr(",]} \t\r\n", *at_)) found.text += *at_++;
      if (found.text.empty()) throw std::runtime_error("the question is not JSON");
    }
    return found;
  }

 private:
  char peek() {
    while (*at_ && std::strchr(" \t\r\n", *at_)) at_++;
    return *at_;
  }

  void take(char wanted) {
    if (peek() != wanted) throw std::runtime_error("the question is not JSON");
    at_++;
  }

  // The text of a question has no escapes but those of quotes and backslashes.
  std::string string() {
    std::string found;
    for (take('"'); *at_ && *at_ != '"'; at_++) {
      if (*at_ == '\\' && at_[1]) at_++;
      found += *at_;
    }
    take('"');
    return found;
  }

  const char* at_;
};

const std::string BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The numbers of an array, rows×width. They are little-endian, as the numbers of nearly every processor are.
template <typename T>
std::vector<T> read_array(const std::string& where, const Json& wire, std::size_t rows, std::size_t width) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : wire["data"].text) {
    if (c == '=') break;
    const std::size_t digit = BASE64.find(c);
    if (digit == std::string::npos) refuse(where + ".data", "base64", std::string("the character ") + c);
    bits = bits << 6 | std::uint32_t(digit);
    if ((count += 6) >= 8) bytes += char(bits >> (count -= 8));
  }
  const std::size_t size = rows * width * sizeof(T);
  const std::string shape = std::to_string(rows) + "×" + std::to_string(width);
  if (bytes.size() != size)
    refuse(where + ".data", std::to_string(size) + " bytes, for " + shape + " numbers", std::to_string(bytes.size()));
  std::vector<T> numbers(rows * width);
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

template <typename T>
std::string write_array(const std::string& dtype, std::size_t rows, std::size_t width, const T* numbers) {
  std::string bytes(rows * width * sizeof(T), 0), data;
  if (!bytes.empty()) std::memcpy(&bytes[0], numbers, bytes.size());
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t b = 0; b < 3; b++) bits = bits << 8 | (i + b < bytes.size() ? std::uint8_t(bytes[i + b]) : 0);
    for (std::size_t c = 0; c < 4; c++) data += i + c > bytes.size() ? '=' : BASE64[bits >> (18 - 6 * c) & 63];
  }
  return "{\"dtype\":\"" + dtype + "\",\"shape\":[" + std::to_string(rows) + "," + std::to_string(width) +
         "],\"data\":\"" + data + "\"}";
}

std::string write(double number) {
  if (std::isnan(number)) return "\"NaN\"";
  if (std::isinf(number)) return number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", number);
  return text;
}

// A text as JSON. An error quotes the question, which may hold any character.
std::string write(const std::string& text) {
  std::string quoted;
  for (const char c : text) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return '"' + quoted + '"';
}

std::string write(int number) { return std::to_string(number); }

template <typename T>
std::string write(const std::vector<T>& list) {
  std::string text;
  for (const T& one : list) text += (text.empty() ? "" : ",") + write(one);
  return "[" + text + "]";
}

std::string write(const Anchor& a) {
  return "{\"sample\":" + write(a.sample) + ",\"attribute\":" + write(a.attribute) + ",\"class\":" + write(a.k) +
         ",\"positives\":" + write(a.positives) + ",\"negatives\":" + write(a.negatives) + "}";
}

std::string write(const Loss& loss, const Batch& batch) {
  return "\"loss\":" + write(loss.value) +
         ",\"gradient\":" + write_array("float64", batch.size, batch.width(), loss.gradient.data());
}

std::string write(const Selection& found) {
  return "\"profile\":" + write(found.profile) + ",\"minority\":" + write(found.minority);
}

Batch read_batch(const Json& wire) {
  Batch batch{int(wire["size"].number()), wire["attributes"].numbers<int>(), {}, {}, {}, false};
  if (batch.size < 0) refuse("size", "a whole number ≥ 0", std::to_string(batch.size));
  if (batch.attributes.empty()) refuse("attributes", "at least one", "none");
  int column = 0;
  for (int classes : batch.attributes) {
    if (classes < 1) refuse("attributes", "at least one class for each", std::to_string(classes));
    batch.first.push_back(column);
    column += classes;
  }
  const std::size_t attributes = batch.attributes.size();
  const auto labels = read_array<std::int32_t>("labels", wire["labels"], batch.size, attributes);
  for (std::size_t at = 0; at < labels.size(); at++) {
    const std::string where = "labels[" + std::to_string(at / attributes) + "][" + std::to_string(at % attributes) + "]";
    check_index(where, labels[at], -1, batch.attributes[at % attributes]);
  }
  batch.labels.assign(labels.begin(), labels.end());
  batch.scores = read_array<double>("scores", wire["scores"], batch.size, batch.width());
  batch.from_logits = wire["fromLogits"].text == "true";
  return batch;
}

std::vector<std::vector<int>> read_minority(const Json& wire, const Batch& batch) {
  std::vector<std::vector<int>> minority;
  check_count("minority", batch.attributes.size(), wire.list.size());
  for (const Json& classes : wire.list) {
    const int attribute_classes = batch.attributes[minority.size()];
    minority.push_back(classes.numbers<int>());
    for (int k : minority.back()) check_index("minority", k, 0, attribute_classes);
  }
  return minority;
}

std::vector<Triplet> read_triplets(const Json& wire, const Batch& batch) {
  const auto shape = wire["shape"].numbers<int>();
  check_count("triplets.shape", 2, shape.size());
  check_count("a row of triplets", Triplet().size(), shape[1]);
  const auto numbers = read_array<std::int32_t>("triplets", wire, shape[0], shape[1]);
  std::vector<Triplet> triplets(shape[0]);
  if (!triplets.empty()) std::memcpy(triplets.data(), numbers.data(), numbers.size() * sizeof(std::int32_t));
  for (const auto& [anchor, positive, negative, j, k] : triplets) {
    for (int sample : {anchor, positive, negative}) check_index("triplets", sample, 0, batch.size);
    check_index("triplets", j, 0, batch.attributes.size());
    check_index("triplets", k, 0, batch.attributes[j]);
  }
  return triplets;
}

std::vector<double> read_margin(const Json& options, const Batch& batch) {
  const auto margin = options["margin"].numbers<double>();
  check_count("margin", batch.attributes.size(), margin.size());
  return margin;
}

std::vector<Anchor> read_anchors(const Json& hard) {
  std::vector<Anchor> anchors;
  for (const Json& a : hard["anchors"].list)
    anchors.push_back({int(a["sample"].number()), int(a["attribute"].number()), int(a["class"].number()),
                       a["positives"].numbers<int>(), a["negatives"].numbers<int>()});
  return anchors;
}

// Eq. 2 and 8: the whole walk, L = α·L_crl + (1−α)·L_ce.
std::string balanced_loss(const Batch& batch, const Json& options) {
  const Batch probable = to_probabilities(batch);
  const Selection selection = select_minority(probable, options["rho"].number());
  const auto anchors = mine_hard_samples(probable, selection.minority, std::size_t(options["kappa"].number()));
  const auto triplets = form_triplets(anchors);
  Loss rectification = rectification_loss(probable, triplets, read_margin(options, batch));
  if (batch.from_logits)
    rectification.gradient = through_probabilities(probable, std::move(rectification.gradient));
  const Loss entropy = cross_entropy(batch, probable);
  const double alpha = options["alpha"].number();
  Loss whole{alpha * rectification.value + (1 - alpha) * entropy.value, entropy.gradient};
  for (std::size_t i = 0; i < whole.gradient.size(); i++)
    whole.gradient[i] = alpha * rectification.gradient[i] + (1 - alpha) * entropy.gradient[i];
  return "{" + write(whole, batch) + ",\"rectification\":" + write(rectification.value) +
         ",\"crossEntropy\":" + write(entropy.value) + ",\"statistics\":{" + write(selection) +
         ",\"anchors\":" + write(int(anchors.size())) + ",\"triplets\":" + write(int(triplets.size())) + "}}";
}

std::string answer(const Json& question) {
  const std::string& ask = question["ask"].text;
  if (ask == "hello") {
    const std::string& protocol = question["protocol"].text;
    if (protocol != "1") refuse("protocol", "1", protocol);
    return "{\"protocol\":1,\"name\":\"" + NAME + "\",\"language\":\"c++\",\"supports\":" + SUPPORTS +
           ",\"answers\":" + ANSWERS + "}";
  }
  if (ask == "formTriplets") {
    const auto triplets = form_triplets(read_anchors(question["hard"]));
    return write_array("int32", triplets.size(), 5, triplets.empty() ? nullptr : triplets[0].data());
  }
  if (ask != "balancedLoss" && ANSWERS.find('"' + ask + '"') == std::string::npos)
    refuse("ask", "hello, balancedLoss, goodbye or one of " + ANSWERS, ask);
  const Json& options = question["options"];
  const Batch batch = read_batch(question["batch"]);
  if (ask == "balancedLoss") return balanced_loss(batch, options);
  if (ask == "selectMinority") return "{" + write(select_minority(batch, options["rho"].number())) + "}";
  if (ask == "mineHardSamples") {
    const auto minority = read_minority(question["selection"]["minority"], batch);
    return "{\"anchors\":" + write(mine_hard_samples(batch, minority, std::size_t(options["kappa"].number()))) + "}";
  }
  if (ask == "rectificationLoss") {
    const auto triplets = read_triplets(question["triplets"], batch);
    return "{" + write(rectification_loss(batch, triplets, read_margin(options, batch)), batch) + "}";
  }
  throw std::runtime_error("this program does not answer " + ask);
}

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const Json question = Parser(line).value();
    if (question["ask"].text == "goodbye") return 0;
    std::string said;
    try {
      said = "\"result\":" + answer(question);
    } catch (const std::exception& error) {  // the suite reports it with the batch
      said = "\"error\":{\"name\":\"Error\",\"message\":" + write(std::string(error.what())) + "}";
    }
    std::string line_of_answer = "{\"id\":" + question["id"].text + "," + said + "}";
    std::replace(line_of_answer.begin(), line_of_answer.end(), '\n', ' ');  // of SUPPORTS
    std::cout << line_of_answer << std::endl;
  }
}
