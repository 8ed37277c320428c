/** Whether the shop's server can be reached, as far as this tablet knows. */
class Net {
	online = $state(true);
	/** When the server was last heard, in milliseconds. */
	heardAt = $state(Date.now());

	heard() {
		this.online = true;
		this.heardAt = Date.now();
	}

	lost() {
		this.online = false;
	}
}

export const net = new Net();

if (typeof window !== 'undefined') window.addEventListener('offline', () => net.lost());
