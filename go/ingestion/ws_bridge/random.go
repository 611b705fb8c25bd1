package ws_bridge

import (
	"encoding/binary"
	"math/bits"
	"strconv"

	"golang.org/x/crypto/blake2b"
)

const (
	twisterWords = 624
	twisterShift = 397
)

// random is the Mersenne Twister MT19937 with the seeding and the draws of Python's random.Random,
// so that both languages draw the same numbers. It is no source of secrets.
//
// Source: Matsumoto and Nishimura, mt19937ar.c; init_by_array and genrand_res53 are theirs.
type random struct {
	words [twisterWords]uint32
	place int
}

// newRandom seeds a generator as Python seeds one with the number whose bytes these are, the most
// significant first.
func newRandom(number []byte) *random {
	r := &random{}
	r.seedByArray(littleWords(number))
	return r
}

// seeded is a generator of its own for what the names name, independent of every other one.
func seeded(seed int64, names ...string) *random {
	text := strconv.FormatInt(seed, 10)
	for _, name := range names {
		text += "\x1f" + name
	}
	hash, err := blake2b.New(16, nil)
	if err != nil {
		panic(err) // The size is a constant that BLAKE2b allows.
	}
	hash.Write([]byte(text))
	return newRandom(hash.Sum(nil))
}

// littleWords splits a number into words of 32 bits, the least significant first; leading zeros do
// not count, and zero itself is one word.
func littleWords(number []byte) []uint32 {
	padded := append(make([]byte, (4-len(number)%4)%4), number...)
	words := make([]uint32, 0, len(padded)/4)
	for end := len(padded); end > 0; end -= 4 {
		words = append(words, binary.BigEndian.Uint32(padded[end-4:end]))
	}
	for len(words) > 1 && words[len(words)-1] == 0 {
		words = words[:len(words)-1]
	}
	return words
}

func (r *random) seedByNumber(seed uint32) {
	r.words[0] = seed
	for i := 1; i < twisterWords; i++ {
		before := r.words[i-1]
		r.words[i] = 1812433253*(before^before>>30) + uint32(i)
	}
	r.place = twisterWords
}

func (r *random) seedByArray(key []uint32) {
	r.seedByNumber(19650218)
	i, j := 1, 0
	for range max(twisterWords, len(key)) {
		before := r.words[i-1]
		r.words[i] = (r.words[i] ^ (before^before>>30)*1664525) + key[j] + uint32(j)
		i, j = r.following(i), (j+1)%len(key)
	}
	for range twisterWords - 1 {
		before := r.words[i-1]
		r.words[i] = (r.words[i] ^ (before^before>>30)*1566083941) - uint32(i)
		i = r.following(i)
	}
	r.words[0] = 1 << 31
}

// following is the next index of the seeding, which wraps to 1 and carries the last word over.
func (r *random) following(i int) int {
	if i+1 < twisterWords {
		return i + 1
	}
	r.words[0] = r.words[twisterWords-1]
	return 1
}

func (r *random) refill() {
	mixed := func(high, low uint32) uint32 {
		y := high&(1<<31) | low&(1<<31-1)
		return y>>1 ^ -(low&1)&0x9908b0df
	}
	w := &r.words
	for k := range twisterWords - twisterShift {
		w[k] = w[k+twisterShift] ^ mixed(w[k], w[k+1])
	}
	for k := twisterWords - twisterShift; k < twisterWords-1; k++ {
		w[k] = w[k+twisterShift-twisterWords] ^ mixed(w[k], w[k+1])
	}
	w[twisterWords-1] = w[twisterShift-1] ^ mixed(w[twisterWords-1], w[0])
	r.place = 0
}

// word is the next 32 random bits.
func (r *random) word() uint32 {
	if r.place == twisterWords {
		r.refill()
	}
	y := r.words[r.place]
	r.place++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// float draws from [0, 1) with 53 bits: Python's random().
func (r *random) float() float64 {
	high, low := r.word()>>5, r.word()>>6
	return (float64(high)*(1<<26) + float64(low)) / (1 << 53) // Exact, so that fusing changes nothing.
}

// bits draws n bits, 1 to 32: Python's getrandbits(n).
func (r *random) bits(n int) uint32 { return r.word() >> (32 - n) }

// between draws from low to high, both included: Python's randint(low, high).
func (r *random) between(low, high int64) int64 {
	width := uint32(high - low + 1)
	n := bits.Len32(width)
	for {
		if drawn := r.bits(n); drawn < width {
			return low + int64(drawn)
		}
	}
}

// bell is a draw of mean 0 and variance 1: three uniform draws, whose sum is nearly normal.
func (r *random) bell() float64 {
	sum := r.float() + r.float() + r.float()
	return (sum - 1.5) * 2.0
}
